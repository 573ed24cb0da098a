import fs from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import * as images from '../rig/image-faults.ts';
import { pauseArchive } from '../rig/images.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { mirror } from '../rig/registry.ts';
import { withRig } from '../rig/rig.ts';
import { sh } from '../rig/sh.ts';
import { curing } from './cure-kit.ts';
import { examine, seenIn } from './doctor.ts';
import { cure, mustPlan, planFor, statuses } from './remedies-kit.ts';

const OWN = 'registry.k8s.io/pause:3.9';
/** Nobody listens on the port of discard. */
const NOBODY = 'http://127.0.0.1:9';

const { available } = await runtimes();
const lines = available.map((r) => r.line);

/** What ctr says of an image in a namespace: name, media type, digest and more. */
function stored(containerd: Containerd, namespace: string): Promise<string> {
  const { runtime, socket } = containerd;
  return sh(runtime.bin.ctr, ['-a', socket, '-n', namespace, 'images', 'ls', `name==${OWN}`]);
}

describe.each(lines)('containerd %s', (line: Line) => {
  it('the sandbox image comes from the namespace where it is, as it is there', async () => {
    await withRig(line, {}, async (containerd) => {
      await mirror(containerd, 'registry.k8s.io', NOBODY);
      await images.loadIntoDefault(containerd, OWN);
      const before = await stored(containerd, 'default');
      const commands = curing(containerd);
      onTestFinished(commands.close);
      const { code, stdout } = await commands.run(['doctor', '--fix', '--yes']);
      expect([code, stdout]).toEqual([0, expect.stringContaining('cured')]);
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
      await makePod(containerd, { name: 'after' });
      const digest = /sha256:[0-9a-f]{64}/;
      expect(digest.exec(await stored(containerd, 'k8s.io'))?.[0]).toBe(digest.exec(before)?.[0]);
      expect(await stored(containerd, 'default')).toBe(before);
    });
  });
});

it.each(lines.slice(-1))('another image of that name by now is not brought', async (line) => {
  await withRig(line, {}, async (containerd) => {
    await images.loadIntoDefault(containerd, OWN);
    const plan = mustPlan(await planFor(containerd, 'image/wrong-store'));
    const file = `${containerd.dir}/other.tar`;
    fs.writeFileSync(file, await pauseArchive([OWN], '2'));
    await sh(containerd.runtime.bin.ctr, [
      '-a',
      containerd.socket,
      '-n',
      'default',
      'images',
      'import',
      file,
    ]);
    const [changed] = (await cure(plan)).steps;
    expect([changed?.status, changed?.reason]).toEqual([
      'refused',
      expect.stringContaining('and was sha256:'),
    ]);
    await containerd.load(await pauseArchive([OWN]));
    expect(statuses((await cure(plan)).steps).slice(0, 1)).toEqual(['1-copy-image nothing-to-do']);
  });
});
