import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import { pauseArchive } from '../rig/images.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { mirror, startRegistry } from '../rig/registry.ts';
import { withRig } from '../rig/rig.ts';
import { examine, seenIn } from './doctor.ts';
import { cure, mustPlan, planFor, statuses } from './remedies-kit.ts';

const MISSING = 'image/sandbox-image-missing';
const OWN = 'registry.k8s.io/pause:3.9';
const OTHER = 'registry.k8s.io/pause:3.7';
/** Nobody listens on the port of discard. */
const NOBODY = 'http://127.0.0.1:9';

const { available } = await runtimes();
const lines = available.map((r) => r.line);

describe.each(lines.filter((line) => line !== '1.7'))('containerd %s', (line: Line) => {
  it('pulls the sandbox image from its registry', async () => {
    await withRig(line, {}, async (containerd) => {
      const registry = await startRegistry(await pauseArchive([OWN]));
      onTestFinished(registry.close);
      await mirror(containerd, 'registry.k8s.io', registry.url);
      await faults.removeSandboxImage(containerd);
      const plan = mustPlan(await planFor(containerd, MISSING));
      expect(plan.risk).toBe('safe');
      const { steps } = await cure(plan);
      expect(statuses(steps)).toEqual(['1-pull-image done']);
      expect(steps[0]?.reason).toMatch(/^registry\.k8s\.io\/pause:3\.9 is sha256:[0-9a-f]{64}$/);
      expect(registry.asked.some((line) => line.includes('/v2/pause/manifests/3.9'))).toBe(true);
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
      await makePod(containerd, { name: 'after' });
      expect(statuses((await cure(plan)).steps)).toEqual(['1-pull-image nothing-to-do']);
    });
  });

  it("names the registry that cannot be reached, and puts podctl's own pause in its place when that is wanted", async () => {
    await withRig(line, {}, async (containerd) => {
      await mirror(containerd, 'registry.k8s.io', NOBODY);
      await faults.removeSandboxImage(containerd);
      const [failed] = (await cure(mustPlan(await planFor(containerd, MISSING)))).steps;
      expect(failed?.status).toBe('failed');
      expect(failed?.reason).toMatch(/^cannot pull registry\.k8s\.io\/pause:3\.9 from registry\.k8s\.io: /);
      expect(failed?.reason).toContain('connection refused');
      expect(failed?.reason).toContain('--pause-archive FILE');

      const plan = mustPlan(await planFor(containerd, MISSING, { risk: 'disruptive' }));
      expect(plan.risk).toBe('disruptive');
      const { steps, folder } = await cure(plan);
      expect(steps.map(({ id, status }) => `${id} ${status}`).slice(0, 2)).toEqual([
        '1-pull-image failed',
        '2-import-image done',
      ]);
      expect(steps[1]?.reason).toMatch(/is sha256:[0-9a-f]{64}$/);
      expect(fs.readFileSync(path.join(folder, 'journal.ndjson'), 'utf8')).toContain(steps[1]?.reason);
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
      await makePod(containerd, { name: 'after' });
    });
  });

  it('imports the archive that is given, and tells what is in one that is not it', async () => {
    await withRig(line, {}, async (containerd) => {
      await faults.removeSandboxImage(containerd);
      const archive = async (name: string, image: string) => {
        const file = path.join(containerd.dir, name);
        fs.writeFileSync(file, await pauseArchive([image]));
        return file;
      };
      const wrong = await archive('wrong.tar', 'registry.k8s.io/pause:1.0');
      const refused = await cure(mustPlan(await planFor(containerd, MISSING, { pauseArchive: wrong })));
      expect(refused.steps[0]?.status).toBe('failed');
      expect(refused.steps[0]?.reason).toContain('registry.k8s.io/pause:1.0');
      const right = await archive('right.tar', OWN);
      const plan = mustPlan(await planFor(containerd, MISSING, { pauseArchive: right }));
      expect(plan.risk).toBe('disruptive');
      expect((await cure(plan)).steps[0]?.status).toBe('done');
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
      await makePod(containerd, { name: 'after' });
    });
  });

  it('gives the image that is here the name that is wanted, where the digest is the same', async () => {
    await withRig(line, {}, async (containerd) => {
      const { plan, wanted } = await otherNameOfOne(containerd);
      expect(plan.risk).toBe('safe');
      expect(plan.steps[0]?.action).toMatchObject({ kind: 'tag-image', from: OTHER, to: wanted });
      const { steps } = await cure(plan);
      expect(steps.map(({ status }) => status)).not.toContain('failed');
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
      await makePod(containerd, { name: 'after' });
      expect((await cure(plan)).steps[0]?.status).toBe('nothing-to-do');
    });
  });
});

/** The sandbox image is configured by digest in a registry that nobody has, and is here from another one. */
async function otherNameOfOne(containerd: Containerd): Promise<{ plan: Plan; wanted: string }> {
  const registry = await startRegistry(await pauseArchive([OTHER]));
  onTestFinished(registry.close);
  await mirror(containerd, 'registry.k8s.io', registry.url);
  await containerd.session.call('PullImage', (c, o) => c.image.pullImage({ image: { image: OTHER } }, o));
  const { image } = await containerd.session.call('ImageStatus', (c, o) =>
    c.image.imageStatus({ image: { image: OTHER } }, o),
  );
  const digest = image?.repoDigests[0]?.split('@')[1];
  const wanted = `mirror.invalid/pause@${digest}`;
  await containerd.restart({ sandboxImage: wanted });
  return { plan: mustPlan(await planFor(containerd, MISSING)), wanted };
}

describe.each(lines.filter((line) => line === '1.7'))('containerd %s', (line: Line) => {
  it('pins the sandbox image', async () => {
    await withRig(line, {}, async (containerd) => {
      await faults.configureAfterImport(containerd, OTHER);
      const plan = mustPlan(await planFor(containerd, 'image/sandbox-image-unpinned'));
      expect(plan.risk).toBe('safe');
      expect(statuses((await cure(plan)).steps)).toEqual(['1-pin-image done']);
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
    });
  });
});

it.each(lines.slice(0, 1))('does not act on another image than the one that was seen', async (line) => {
  await withRig(line, {}, async (containerd) => {
    const { plan } = await otherNameOfOne(containerd);
    await containerd.ctr('images', 'rm', OTHER);
    await containerd.load(await pauseArchive([OTHER], '2'));
    const { steps } = await cure(plan);
    expect(steps[0]).toMatchObject({ status: 'refused' });
    expect(steps[0]?.reason).toContain('and was');
  });
});
