import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConfigReading } from '../../src/collect/config/containerd.ts';
import { applyEdits } from '../../src/remedy/config-edit/apply.ts';
import { faultOfEdit } from '../../src/remedy/config-edit/dump.ts';
import { imageEdits } from '../../src/remedy/config-edit/place.ts';
import { type Line, type Runtime, type Runtimes, runtimes } from '../rig/packages.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { combinations, dumped, imageIn, plantCombination, readCombination } from './config-combinations.ts';

const REQUIRED: readonly Line[] = ['1.6', '2.x'];
let found: Runtimes;

beforeAll(async () => {
  found = await runtimes();
});

/** Null where it cannot be had and need not. */
function runtimeOf(line: Line): Runtime | null {
  const runtime = found.available.find((one) => one.line === line);
  if (runtime !== undefined) return runtime;
  const reason = found.missing.find((one) => one.version === line)?.reason;
  if (REQUIRED.includes(line)) throw new Error(`containerd ${line} cannot be had: ${reason}`);
  process.stdout.write(`containerd ${line} is not compared: ${reason}\n`);
  return null;
}

/** The file in which a cure would name the image: the one that names it now, else that which undid it. */
function fileToEdit({ files, sandboxImage, ignored }: ConfigReading) {
  const [lost] = ignored;
  const wanted = sandboxImage?.file ?? lost?.by ?? lost?.file ?? files[0]?.path;
  return files.find(({ path: of }) => of === wanted);
}

describe.each<Line>(['1.6', '1.7', '2.x'])('containerd %s', (line) => {
  it('reads its files as its own dump says', { timeout: 300_000 }, async () => {
    const runtime = runtimeOf(line);
    if (runtime === null) return;
    const root = temporaryFolder();
    const theirs: Record<string, string | null> = {};
    const ours: Record<string, string | null> = {};
    for (const [i, combination] of combinations().entries()) {
      const file = plantCombination(path.join(root, String(i)), combination);
      const dump = await dumped(runtime.bin.containerd, file);
      theirs[combination.name] = dump && imageIn(dump);
      const { sandboxImage } = await readCombination(file, runtime.version);
      ours[combination.name] = sandboxImage?.value ?? null;
    }
    expect(Object.keys(theirs).length).toBeGreaterThan(50);
    expect(ours).toEqual(theirs);
  });

  it('uses the image that an edit names, and nothing else changes', { timeout: 300_000 }, async () => {
    const runtime = runtimeOf(line);
    if (runtime === null) return;
    const root = temporaryFolder();
    const wrong: Record<string, string> = {};
    let edited = 0;
    let left = 0;
    for (const [i, combination] of combinations().entries()) {
      const file = plantCombination(path.join(root, String(i)), combination);
      const before = await dumped(runtime.bin.containerd, file);
      const config = await readCombination(file, runtime.version);
      const target = fileToEdit(config);
      if (before === null || !target) continue;
      const edits = imageEdits(
        { runtime: 'containerd', files: config.files },
        runtime.version,
        target,
        'wanted:1',
      );
      fs.writeFileSync(target.path, await applyEdits(fs.readFileSync(target.path, 'utf8'), edits));
      const after = await dumped(runtime.bin.containerd, file);
      const fault = after ? faultOfEdit({ table: before }, { table: after }, 'wanted:1') : 'it is refused';
      const { sandboxImage } = await readCombination(file, runtime.version);
      if (fault === '' && sandboxImage?.value !== 'wanted:1')
        wrong[combination.name] = 'we read something else';
      edited += 1;
      // Without a word about the image no file decides, and in 1.x the last table replaces the others.
      const isOpen = config.sandboxImage?.file === null && line !== '2.x' && combination.dropIn !== null;
      if (fault !== '' && isOpen) left += 1;
      else if (fault !== '') wrong[combination.name] = fault;
    }
    expect(wrong).toEqual({});
    expect(edited).toBeGreaterThan(30);
    expect(left).toBeLessThan(edited / 4);
  });
});
