import { describe, expect, it, onTestFinished } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import { configureAfterImport } from '../rig/faults.ts';
import { type Damage, damagePause } from '../rig/image-faults.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod, removePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { curing } from './cure-kit.ts';
import { examine } from './doctor.ts';

const OTHER = 'registry.k8s.io/pause:3.7';
const CHECK = 'image/pause-damaged';

const { available } = await runtimes();
const lines = available.map((r) => r.line);

/** Findings about images, by check. */
async function aboutImages(containerd: Containerd): Promise<string[]> {
  const { report } = await examine(containerd);
  const checks = report.checks.filter(({ id }) => id.startsWith('image/'));
  return checks.flatMap(({ id, findings }) => findings.map(({ severity }) => `${id} ${severity}`));
}

/** Ids of all that are listed: a pause of another machine ends at once, and its sandbox stays. */
async function sandboxes({ session }: Containerd): Promise<string[]> {
  const { items } = await session.call('ListPodSandbox', (c, o) => c.runtime.listPodSandbox({}, o));
  return items.map(({ id }) => id);
}

async function fixed(containerd: Containerd): Promise<void> {
  expect(await aboutImages(containerd)).toContain(`${CHECK} error`);
  const commands = curing(containerd);
  onTestFinished(commands.close);
  const { code, stdout } = await commands.run(['doctor', CHECK, '--fix', '--yes', '--risk', 'disruptive']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('cured')]);
}

const DAMAGES: [Line, Damage][] = [
  ['1.6', 'missing'],
  ['2.x', 'not-executable'],
];

describe.each(DAMAGES.filter(([line]) => lines.includes(line)))('containerd %s, %s', (line, damage) => {
  it('is unpacked anew where nothing is left that was made from it', async () => {
    await withRig(line, {}, async (containerd) => {
      await damagePause(containerd, damage);
      for (const id of await sandboxes(containerd)) await removePod(containerd, id);
      await fixed(containerd);
      await makePod(containerd, { name: 'after' });
      expect((await aboutImages(containerd)).filter((found) => !found.endsWith('info'))).toEqual([]);
    });
  });

  it("gives its name to podctl's own pause while a pod is left that was made from it", async () => {
    await withRig(line, {}, async (containerd) => {
      await configureAfterImport(containerd, OTHER);
      const bystander = await makePod(containerd, { name: 'bystander' });
      await damagePause(containerd, damage);
      await fixed(containerd);
      await makePod(containerd, { name: 'after' });
      expect((await aboutImages(containerd)).filter((found) => !found.endsWith('info'))).toEqual([]);
      const { status } = await containerd.session.call('PodSandboxStatus', (c, o) =>
        c.runtime.podSandboxStatus({ podSandboxId: bystander.id }, o),
      );
      expect(status?.state).toBe(0);
    });
  });
});
