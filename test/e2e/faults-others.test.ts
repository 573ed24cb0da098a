import { expect, it } from 'vitest';
import * as cni from '../rig/cni-faults.ts';
import { runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { examine, seenIn } from './doctor.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

const { available } = await runtimes(['2.x']);

const FAULTS: Fault[] = [
  {
    name: 'a node that is ready and makes no sandboxes',
    lines: ['1.6', '2.x'],
    recordedOn: ['1.7'],
    async make(containerd) {
      await cni.brokenBridge(containerd);
      for (const name of ['one', 'two', 'three'])
        expect(await cni.failedPod(containerd, name)).toContain('the agent does not answer');
      return [found('runtime/sandboxes-fail', 'failing', 'error', 'runtime', containerd.socket)];
    },
  },
];

describeFaults(FAULTS);

it.runIf(available.length > 0)('two failures, and failures before a success, are accidents', async () => {
  await withRig('2.x', {}, async (containerd) => {
    const plugins = containerd.paths.cniBin;
    await cni.brokenBridge(containerd);
    for (const name of ['one', 'two']) await cni.failedPod(containerd, name);
    expect(seenIn((await examine(containerd)).report)).toEqual([]);
    await cni.failedPod(containerd, 'three');
    containerd.paths.cniBin = plugins;
    await containerd.restart();
    await makePod(containerd, { name: 'four' });
    expect(seenIn((await examine(containerd)).report)).toEqual([]);
  });
});
