import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { FACT_NAMES } from '../../src/model/fact-shapes.ts';
import { root } from '../support/cli.ts';

test('the registry lists every file below checks/, each under its own path', () => {
  const files = fs
    .readdirSync(path.join(root, 'checks'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
  expect(builtinChecks.map((c) => c.meta.id)).toEqual(files);
});

test('the registry is what the generator would write', () => {
  const script = path.join(root, '.ci/generate-registry.mjs');
  const before = fs.readFileSync(path.join(root, 'src/cli/builtin-checks.ts'), 'utf8');
  const text = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { checkIds, registryText } from ${JSON.stringify(script)}; process.stdout.write(registryText(checkIds()))`,
    ],
    { encoding: 'utf8' },
  );
  expect(text).toBe(before);
});

test.each(builtinChecks.map((c) => [c.meta.id, c.meta] as const))('%s explains itself', (_, meta) => {
  for (const text of [meta.title, meta.failureTitle, meta.why, meta.proof]) expect(text).not.toBe('');
  expect(meta.title).not.toBe(meta.failureTitle);
  expect(Object.keys(meta.messages)).not.toEqual([]);
  for (const url of meta.references) expect(url).toMatch(/^https:\/\/\S+$/);
  for (const name of [...meta.needs, ...(meta.wants ?? [])]) expect(FACT_NAMES).toContain(name);
  expect(meta.tags).toEqual(meta.tags.map((tag) => tag.toLowerCase()));
});

const ids = builtinChecks.map((c) => c.meta.id);
const isCovered = (check: string) => (id: string) =>
  check === '*' || id === check || (check.endsWith('/*') && id.startsWith(check.slice(0, -1)));
const explaining = builtinChecks.flatMap(({ meta }) =>
  (meta.explains ?? []).map((e) => [meta.id, e] as const),
);

test.each(explaining)('%s explains what there is: $check', (id, { check }) => {
  expect(ids.filter(isCovered(check)).filter((other) => other !== id)).not.toEqual([]);
});

test('no check explains, by whatever way, what explains it', () => {
  const named = explaining.filter(([, { check }]) => check !== '*');
  const reach = (from: string, seen: Set<string>): Set<string> => {
    for (const [id, { check }] of named)
      if (id === from)
        for (const to of ids.filter(isCovered(check)))
          if (to !== id && !seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  expect(ids.filter((id) => reach(id, new Set()).has(id))).toEqual([]);
});
