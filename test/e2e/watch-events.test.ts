import { expect, it } from 'vitest';
import * as faults from '../rig/faults.ts';
import { runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { folderForFile } from '../support/cli.ts';
import { startWatch } from './watch-kit.ts';

const { available } = await runtimes(['1.6', '2.x']);
const folder = folderForFile();

/** Longer than anybody waits here: whatever is told is told because the runtime said that something changed. */
const NEVER = ['--interval', '1h'];

it.each(available.map((r) => r.line))(
  'containerd %s tells of changes, and the watch looks at once',
  async (line) => {
    await withRig(line, {}, async (containerd) => {
      const pod = await makePod(containerd, { name: 'broken', containers: [{ name: 'a' }] });
      const watching = await startWatch(folder, ['-r', containerd.socket, ...NEVER]);
      try {
        await faults.killPause(containerd, pod);
        await watching.told('appeared', 'sandbox/anchor-lost', pod.id);
        await containerd.halt();
        await watching.told('appeared', 'runtime/unreachable');
        expect(await watching.end('SIGTERM')).toBe(143);
      } finally {
        await watching.end('SIGKILL').catch(() => {});
      }
    });
  },
);
