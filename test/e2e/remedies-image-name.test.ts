import fs from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import { configureAfterImport } from '../rig/faults.ts';
import { pauseArchive } from '../rig/images.ts';
import { runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { mirror, startRegistry } from '../rig/registry.ts';
import { withRig } from '../rig/rig.ts';
import { curing } from './cure-kit.ts';
import { examine, seenIn } from './doctor.ts';

const FROZEN = 'k8s.gcr.io/pause:3.6';
const SUCCESSOR = 'registry.k8s.io/pause:3.6';
const STORED = 'docker.io/podctl/pause:3.9';

const { available } = await runtimes();
const lines = available.map((r) => r.line);

/** Lets `doctor --fix` cure a check with consent; a restart, which is the operator's, brings it into force. */
async function cureAndRestart(containerd: Containerd, check: string, image: string): Promise<void> {
  const commands = curing(containerd);
  onTestFinished(commands.close);
  const before = seenIn((await examine(containerd)).report).map((seen) => seen.check);
  expect(before).toContain(check);
  const { code, stdout } = await commands.run(['doctor', check, '--fix', '--yes', '--risk', 'disruptive']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('systemctl restart containerd')]);
  expect(fs.readFileSync(containerd.configFile, 'utf8')).toContain(`"${image}"`);
  await containerd.halt();
  await containerd.resume();
  const bystander = await makePod(containerd, { name: 'after' });
  expect(seenIn((await examine(containerd)).report)).toEqual([]);
  expect(bystander.id).toMatch(/^[0-9a-f]{64}$/);
}

it.runIf(lines.includes('2.x'))(
  'containerd 2.x: the name is configured under which it is stored',
  async () => {
    await withRig('2.x', {}, async (containerd) => {
      await containerd.restart({ sandboxImage: 'index.docker.io/podctl/pause:3.9' });
      await containerd.load(await pauseArchive([STORED], '2'));
      await cureAndRestart(containerd, 'image/name-not-canonical', STORED);
    });
  },
);

it.each(lines.filter((line) => line !== '2.x'))(
  'containerd %s: a registry that was given up',
  async (line) => {
    const registry = await startRegistry(await pauseArchive([SUCCESSOR]));
    onTestFinished(registry.close);
    await withRig(line, line === '1.7' ? {} : { sandboxImages: [FROZEN] }, async (containerd) => {
      if (line === '1.7') await configureAfterImport(containerd, FROZEN);
      await mirror(containerd, 'registry.k8s.io', registry.url);
      await cureAndRestart(containerd, 'image/frozen-registry', SUCCESSOR);
      expect(registry.asked.some((asked) => asked.includes('/v2/pause/manifests/3.6'))).toBe(true);
    });
  },
);
