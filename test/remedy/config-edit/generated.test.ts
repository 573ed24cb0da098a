import { isDeepStrictEqual } from 'node:util';
import { diffLines } from 'diff';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import type { ConfigFile } from '../../../src/model/facts.ts';
import { CRIO_IMAGE_PATH, IMAGE_PATHS } from '../../../src/model/sandbox-image-keys.ts';
import { isTable, keyName, type Table, textAt } from '../../../src/model/toml-value.ts';
import { applyEdits } from '../../../src/remedy/config-edit/apply.ts';
import { imageEdits } from '../../../src/remedy/config-edit/place.ts';
import { containerd, crio, MAIN } from '../../collect/config/trees.ts';

const WANTED = 'mirror.example:5000/pause:3.10@sha256:0"x';
const RELEASES = ['1.6.20', '1.7.24', '2.1.9', '2.3.5'];
const ROUNDS = 150;

/** Numbers from 0 to below `n` that follow from a seed. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** One file as people and tools write them: any order, indents, quotes, comments, dotted keys, line ends. */
function fileOf(
  roll: (n: number) => number,
  places: readonly (readonly string[])[],
  version: number,
): string {
  const pick = <T>(...of: T[]): T => of[roll(of.length)] as T;
  const indent = pick('', '  ', '\t');
  const written = (path: readonly string[]) =>
    path
      .map((part) => (/^[\w-]+$/.test(part) && roll(2) ? part : pick(`"${part}"`, `'${part}'`)))
      .join(pick('.', ' . '));
  const noise = () => pick('', '# a comment = "x"\n', '\n', '  # [plugins."x"]\n');
  const said = places.filter(() => roll(2) === 0);
  const blocks = said.map((path) => {
    const value = pick('"old:1"', "'old:1'", '"""old:1"""');
    const others = pick('', `${indent}other_${path.length} = ["a", "#b"]${pick('', ' # c')}\n`);
    const line = `${indent}${pick(path.at(-1) ?? '', `"${path.at(-1)}"`)} = ${value}${pick('', ' # ours')}\n`;
    const below = pick('', `[${written([...path.slice(0, -1), 'below'])}]\n${indent}x = 1\n`);
    const keys = pick(line + others, others + noise() + line);
    return pick(
      `[${written(path.slice(0, -1))}]\n${keys}${below}`,
      `[${written(path.slice(0, -2))}]\n${indent}${written(path.slice(-2))} = ${value}\n`,
    );
  });
  // Two blocks may declare one table; what is no TOML is left out by the caller.
  const rest = [
    `[grpc]\n${indent}address = "/run/x.sock"\n`,
    '[[list]]\nsandbox_image = "no"\n',
    '[debug]\n',
  ];
  const all = [...blocks, ...rest.filter(() => roll(2))].sort(() => roll(3) - 1);
  const head = version === 0 ? '' : `version = ${version}\n`;
  const text = `${noise()}${head}${all.map((block) => block + noise()).join('')}`;
  const ended = pick(text, text.replace(/\n$/, ''));
  return roll(4) ? ended : ended.replace(/\n/g, '\r\n');
}

/** Everything that a text says but the sandbox image. */
function others(text: string): Table {
  const strip = (table: Table, at: string[]): Table =>
    Object.fromEntries(
      Object.entries(table).flatMap(([key, value]): [string, unknown][] => {
        const here = [...at, key];
        if ([...Object.values(IMAGE_PATHS), CRIO_IMAGE_PATH].some((path) => isDeepStrictEqual(path, here)))
          return [];
        if (!isTable(value)) return [[key, value]];
        const kept = strip(value, here);
        return Object.keys(kept).length === 0 ? [] : [[key, kept]];
      }),
    );
  return strip(parse(text), []);
}

function isToml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Lines that are in one text only. */
function changed(before: string, after: string): { gone: string[]; added: string[] } {
  const lines = (text: string) => `${text.replace(/\r/g, '').trimEnd()}\n`;
  const parts = diffLines(lines(before), lines(after));
  const linesOf = (which: 'removed' | 'added') =>
    parts
      .filter((part) => part[which])
      .flatMap(({ value }) => value.split('\n').filter((l) => l.trim() !== ''));
  return { gone: linesOf('removed'), added: linesOf('added') };
}

const comments = (text: string) => text.match(/#.*?(?=\r?$)/gm)?.sort() ?? [];

test.each(RELEASES)('containerd %s uses what was written, and all else stays', async (release) => {
  let tried = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const roll = dice(round * 7919 + 1);
    const version = roll(release.startsWith('1') ? 3 : release.startsWith('2.3') ? 5 : 4);
    // 1.x refuses short names of plugins where a version is declared.
    const places = Object.values(IMAGE_PATHS).filter((path) => version < 2 || path !== IMAGE_PATHS.v1);
    const before = fileOf(roll, places, version);
    if (!isToml(before)) continue;
    const config = await containerd(release, { [MAIN]: before });
    expect(config.errors, before).toEqual([]);
    const [file] = config.files as [ConfigFile];
    const edits = imageEdits({ runtime: 'containerd', files: config.files }, release, file, WANTED);
    const after = await applyEdits(before, edits);
    const now = await containerd(release, { [MAIN]: after });
    expect(now.sandboxImage?.value, `${before}\n---\n${after}`).toBe(WANTED);
    expect(now.ignored, after).toEqual([]);
    expect(others(after), after).toEqual(others(before));
    expect(comments(after), after).toEqual(comments(before));
    const { gone, added } = changed(before, after);
    expect(
      gone.filter((line) => !/sandbox/.test(line)),
      `${before}\n---\n${after}`,
    ).toEqual([]);
    expect(added.length, after).toBeLessThan(gone.length + 4);
    expect(await applyEdits(after, edits)).toBe(after);
    tried += 1;
  }
  expect(tried).toBeGreaterThan(ROUNDS / 2);
});

test('CRI-O uses what was written, and all else stays', async () => {
  const main = '/etc/crio/crio.conf';
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = fileOf(dice(round * 104729 + 1), [CRIO_IMAGE_PATH], 0);
    if (!isToml(before)) continue;
    const { files } = await crio('1.36.0', { [main]: before });
    const [file] = files as [ConfigFile];
    const after = await applyEdits(before, imageEdits({ runtime: 'crio', files }, '1.36.0', file, WANTED));
    expect((await crio('1.36.0', { [main]: after })).sandboxImage?.value, after).toBe(WANTED);
    expect(textAt(parse(after), CRIO_IMAGE_PATH), keyName(CRIO_IMAGE_PATH)).toBe(WANTED);
    expect(others(after), after).toEqual(others(before));
  }
});
