import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import { configureAfterImport } from '../rig/faults.ts';
import * as images from '../rig/image-faults.ts';
import { pauseArchive } from '../rig/images.ts';
import { runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { sh } from '../rig/sh.ts';
import { examine } from './doctor.ts';

const OWN = 'registry.k8s.io/pause:3.9';
const OTHER = 'registry.k8s.io/pause:3.7';

const { available } = await runtimes();
const has = (line: string) => available.some((r) => r.line === line);

/** Findings about images, by check and message. */
async function aboutImages(containerd: Containerd): Promise<string[]> {
  const { report } = await examine(containerd);
  const checks = report.checks.filter(({ id }) => id.startsWith('image/'));
  return checks.flatMap(({ id, findings }) => findings.map(({ messageId }) => `${id} ${messageId}`));
}

/** Does what the first advice of a check says, word for word, with the rig's own ctr. */
async function follow(containerd: Containerd, check: string): Promise<void> {
  const { report } = await examine(containerd);
  const [remedy] = report.checks.find(({ id }) => id === check)?.findings[0]?.remedies ?? [];
  if (!remedy) throw new Error(`${check} advises nothing`);
  for (const command of remedy.commands) {
    const [program, ...words] = command.split(' ');
    expect(program).toBe('ctr');
    await sh(containerd.runtime.bin.ctr, words, { cwd: containerd.dir });
  }
}

describe.runIf(has('2.x'))('containerd 2.x', () => {
  it('an image is brought from the namespace where CRI does not look', async () => {
    await withRig('2.x', {}, async (containerd) => {
      await images.loadIntoDefault(containerd, OWN);
      await follow(containerd, 'image/wrong-store');
      expect(await aboutImages(containerd)).toEqual([]);
      await makePod(containerd, { name: 'after' });
    });
  });

  it('a pause with other files starts pods beside what was made from the damaged one', async () => {
    await withRig('2.x', {}, async (containerd) => {
      await makePod(containerd, { name: 'bystander' });
      const damaged = await images.damagePause(containerd, 'empty');
      expect(path.basename(damaged)).toBe('pause');
      // The same files once more are not unpacked: a sandbox that lives holds the damaged ones.
      await containerd.load(await pauseArchive([OWN]));
      await expect(makePod(containerd, { name: 'again' })).rejects.toThrow();
      await containerd.load(await pauseArchive([OWN], '2'));
      await makePod(containerd, { name: 'after' });
      expect(await aboutImages(containerd)).toEqual([]);
    });
  });
});

describe.runIf(has('1.7'))('containerd 1.7', () => {
  it('the right label pins, and the other one goes', async () => {
    await withRig('1.7', {}, async (containerd) => {
      await configureAfterImport(containerd, OTHER);
      await containerd.ctr('images', 'label', OTHER, 'io.cri.containerd.pinned=pinned');
      await follow(containerd, 'image/pin-label');
      expect(await aboutImages(containerd)).toEqual([]);
      expect(await containerd.ctr('images', 'ls', `name==${OTHER}`)).not.toContain('io.cri.containerd');
    });
  });
});
