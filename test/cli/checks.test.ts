import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { describeCheck, listChecks } from '../../src/cli/checks.ts';

test('the table has a row for every check, in columns that awk can tell apart', async () => {
  const [head = '', ...rows] = (await listChecks(builtinChecks, 'table')).trimEnd().split('\n');
  expect(head).toMatch(/^ID {3,}SEVERITY {3}TAGS {3,}TITLE$/);
  expect(rows.map((row) => row.split(/ {3,}/)[0])).toEqual(builtinChecks.map((c) => c.meta.id));
});

test('as names and as data', async () => {
  expect(await listChecks(builtinChecks, 'name')).toBe(builtinChecks.map((c) => `${c.meta.id}\n`).join(''));
  const metas = builtinChecks.map((c) => c.meta);
  const expected = JSON.parse(JSON.stringify({ schema: 'podctl.checks/v1', checks: metas }));
  expect(JSON.parse(await listChecks(builtinChecks, 'json'))).toEqual(expected);
  expect(parse(await listChecks(builtinChecks, 'yaml'))).toEqual(expected);
});

test.each(builtinChecks.map((c) => c.meta))('$id is explained within 80 columns', async (meta) => {
  const text = await describeCheck(builtinChecks, meta.id, 'table', 80);
  for (const title of ['what', 'why', 'proof', 'messages', 'severity', 'facts'])
    expect(text).toContain(`\n${title}\n`);
  expect(text).toContain(meta.failureTitle.split(' ').slice(0, 3).join(' '));
  const long = text.split('\n').filter((line) => line.length > 80);
  expect(long).toEqual([]);
});

test('an unknown id names its like', async () => {
  await expect(describeCheck(builtinChecks, 'netns/leakd', 'table', 80)).rejects.toMatchObject({
    message: 'no check is called "netns/leakd"',
    hint: 'did you mean netns/leaked?',
  });
});
