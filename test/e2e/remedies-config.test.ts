import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { previewConfig } from '../../src/remedy/config-edit/preview.ts';
import { readKept } from '../../src/remedy/quarantine.ts';
import { criTable } from '../rig/config.ts';
import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { examine, seenIn } from './doctor.ts';
import { cure, mustPlan, planFor, statuses } from './remedies-kit.ts';

const OWN = 'registry.k8s.io/pause:3.9';
const OTHER = 'registry.k8s.io/pause:3.7';
const DEFAULTS: Record<Line, string> = {
  '1.6': 'registry.k8s.io/pause:3.6',
  '1.7': 'registry.k8s.io/pause:3.8',
  '2.x': 'registry.k8s.io/pause:3.10',
};
const DRIFT = 'config/sandbox-image-drift';

const { available } = await runtimes();
const lines = available.map((r) => r.line);

/** A drop-in that undoes the main file's sandbox image without naming one. */
async function undoingDropIn(containerd: Containerd): Promise<string> {
  const file = path.join(containerd.dir, 'undoing.toml');
  const { line } = containerd.runtime;
  if (line === '2.x') {
    fs.writeFileSync(
      file,
      'version = 3\n\n# of a tool\n[plugins."io.containerd.cri.v1.images"]\n  max_concurrent_downloads = 4\n',
    );
    // The main file of another version, with what a rig needs under the keys of that.
    containerd.configure({ imports: [file] });
    const text = fs.readFileSync(containerd.configFile, 'utf8');
    const old = text
      .replace('version = 3', 'version = 2')
      .replace(
        /\[plugins."io\.containerd\.cri\.v1\.images"\.pinned_images\]\n {2}sandbox = .*\n/,
        `[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = "${OWN}" # ours\n`,
      );
    fs.writeFileSync(containerd.configFile, old);
    await containerd.halt();
    await containerd.resume();
    return file;
  }
  fs.writeFileSync(
    file,
    `version = 2\n\n# of a tool\n${criTable(containerd.paths, { ...containerd.settings, sandboxImage: null })}`,
  );
  await containerd.restart({ imports: [file] });
  return file;
}

/** Written, and in force after a restart, which is the operator's. */
async function curedAfterRestart(containerd: Containerd, plan: Plan): Promise<void> {
  expect(plan.risk).toBe('disruptive');
  expect(plan.notes[0]).toContain('next start');
  const { steps } = await cure(plan);
  expect(statuses(steps)).toEqual(['1-write-config done']);
  expect(steps[0]?.reason).toMatch(/^the old one is .*\.podctl-\d{8}T\d{6}Z$/);
  expect(seenIn((await examine(containerd)).report)).toEqual([]);
  await containerd.halt();
  await containerd.resume();
  await makePod(containerd, { name: 'after' });
  expect(seenIn((await examine(containerd)).report)).toEqual([]);
}

describe.each(lines)('containerd %s', (line: Line) => {
  it('takes a stray quote off the name of the image', async () => {
    await withRig(line, { sandboxImages: [OWN] }, async (containerd) => {
      await containerd.restart({ sandboxImage: `${OWN}"` });
      await expect(makePod(containerd, { name: 'before' })).rejects.toThrow('invalid reference format');
      const plan = mustPlan(await planFor(containerd, 'config/malformed-image-name'));
      const { steps } = await cure(plan);
      expect(statuses(steps)).toEqual(['1-write-config done']);
      await containerd.halt();
      await containerd.resume();
      await makePod(containerd, { name: 'after' });
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
    });
  });

  it('says in the drop-in that wins what the main file says', async () => {
    await withRig(line, { sandboxImages: [OWN, OTHER] }, async (containerd) => {
      const file = await faults.importOverriding(containerd, OTHER);
      const before = fs.readFileSync(file, 'utf8');
      await curedAfterRestart(containerd, mustPlan(await planFor(containerd, DRIFT)));
      expect(fs.readFileSync(file, 'utf8')).toBe(before.replace(OTHER, OWN));
    });
  });

  it('says it in a drop-in that undoes it without a word', async () => {
    await withRig(line, { sandboxImages: [OWN, DEFAULTS[line]] }, async (containerd) => {
      const file = await undoingDropIn(containerd);
      const plan = mustPlan(await planFor(containerd, DRIFT));
      expect(plan.steps[0]?.action).toMatchObject({ kind: 'write-config', path: file });
      await curedAfterRestart(containerd, plan);
      expect(fs.readFileSync(file, 'utf8')).toContain('# of a tool');
    });
  });

  it('puts a file back when containerd makes something else of it', async () => {
    await withRig(line, { sandboxImages: [OWN, OTHER] }, async (containerd) => {
      await faults.importOverriding(containerd, OTHER);
      const plan = mustPlan(await planFor(containerd, DRIFT));
      const [step] = plan.steps;
      if (step?.action.kind !== 'write-config') throw new Error('no step that writes');
      const later = path.join(containerd.dir, 'later.toml');
      fs.copyFileSync(step.action.path, later);
      const main = fs.readFileSync(containerd.configFile, 'utf8');
      fs.writeFileSync(
        containerd.configFile,
        main.replace(/^imports = \[(.*)\]$/m, `imports = [$1, "${later}"]`),
      );
      const before = fs.readFileSync(step.action.path);
      const { steps } = await cure(plan);
      expect(steps[0]?.status).toBe('failed');
      expect(steps[0]?.reason).toContain(
        `was put back as it was: containerd config dump still shows ${OTHER}`,
      );
      expect(fs.readFileSync(step.action.path)).toEqual(before);
      expect(fs.readdirSync(containerd.dir).filter((name) => name.includes('.podctl-'))).toEqual([]);
    });
  });
});

describe.each(lines.filter((line) => line === '2.x'))('containerd %s', (line: Line) => {
  it("moves a key of version 2 to version 3's place, and keeps mode, owner and a copy", async () => {
    await withRig(line, { sandboxImages: [OWN, DEFAULTS[line]] }, async (containerd) => {
      await faults.v2KeyUnderVersion3(containerd, OWN);
      fs.chmodSync(containerd.configFile, 0o640);
      fs.chownSync(containerd.configFile, 0, 1);
      const before = fs.readFileSync(containerd.configFile, 'utf8');
      const plan = mustPlan(await planFor(containerd, 'config/unreadable'));
      const [action] = plan.steps.map((step) => step.action);
      expect(action?.kind === 'write-config' && (await previewConfig(action))).toContain(
        `+[plugins."io.containerd.cri.v1.images".pinned_images]`,
      );
      const { steps, folder } = await cure(plan);
      expect(statuses(steps)).toEqual(['1-write-config done']);
      const { mode, gid } = fs.statSync(containerd.configFile);
      expect([mode & 0o777, gid]).toEqual([0o640, 1]);
      const backup = steps[0]?.reason.replace('the old one is ', '') ?? '';
      expect(fs.readFileSync(backup, 'utf8')).toBe(before);
      expect(fs.statSync(backup).mode & 0o777).toBe(0o640);
      const [kept] = readKept(folder);
      expect(kept).toMatchObject({ kind: 'file', path: containerd.configFile, mode: 0o640 });
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
      await containerd.halt();
      await containerd.resume();
      await makePod(containerd, { name: 'after' });
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
    });
  });

  it('refuses a file that was changed since the plan', async () => {
    await withRig(line, { sandboxImages: [OWN, DEFAULTS[line]] }, async (containerd) => {
      await faults.v2KeyUnderVersion3(containerd, OWN);
      const plan = mustPlan(await planFor(containerd, 'config/unreadable'));
      fs.appendFileSync(containerd.configFile, '# mine\n');
      const { steps } = await cure(plan);
      expect(steps[0]).toMatchObject({ status: 'refused' });
      expect(steps[0]?.reason).toContain('was changed in the meantime');
      expect(fs.readFileSync(containerd.configFile, 'utf8')).toContain('# mine');
    });
  });
});
