import { expect, test } from 'vitest';
import { builtinChecks } from '../../../src/cli/builtin-checks.ts';
import { rule } from '../../../src/cli/config/ruling.ts';
import { parseArgv } from '../../../src/cli/parse.ts';
import { doctorRequest, refuseOthers } from '../../../src/cli/request.ts';
import { watchRequest } from '../../../src/cli/watch/request.ts';

const ruling = await rule([], builtinChecks);
const kindOf = (path: string) => (path === '/tmp' ? 'folder' : 'missing');

async function parsed(line: string) {
  const found = await parseArgv(['doctor', ...line.split(' ').filter(Boolean)]);
  if (found.command !== 'doctor') throw new Error(`parsed as ${found.command}`);
  return found.args;
}

const request = async (line: string) => watchRequest(await parsed(`--watch ${line}`), {}, ruling, kindOf);

test('defaults, and what can be said', async () => {
  expect(await request('')).toMatchObject({ format: 'table', intervalMs: 30_000, look: { minAgeMs: null } });
  const full = await request(
    'netns/* --interval 100ms -o ndjson --report prometheus=/tmp/x.prom --min-age 5s',
  );
  expect(full).toMatchObject({ format: 'ndjson', intervalMs: 100 });
  expect(full.look.reports).toEqual([{ format: 'prometheus', file: '/tmp/x.prom' }]);
  expect(full.look.checks.every(({ meta }) => meta.id.startsWith('netns/'))).toBe(true);
});

test.each([
  ['-o json', '-o with --watch: "json" is unknown'],
  ['--interval 0', '--interval: must be longer than nothing'],
  ['--interval soon', '--interval: "soon" is no duration'],
  ['--interval 100d', '--interval: "100d" is no duration'],
  ['--from-snapshot /tmp/x', '--from-snapshot cannot go with --watch'],
  ['--save-snapshot /tmp/x', '--save-snapshot cannot go with --watch'],
  ['--jq .', '--jq cannot go with --watch'],
  ['--fail-on info', '--fail-on cannot go with --watch'],
  ['--fix', '--fix cannot go with --watch'],
  ['--yes', '--yes cannot go with --watch'],
  ['--report prometheus=/nowhere/x', '--report: there is no folder /nowhere'],
])('%s is refused', async (line, message) => {
  await expect(request(line)).rejects.toThrow(message);
});

test('--interval alone is refused', async () => {
  const args = await parsed('--interval 5s');
  expect(() => refuseOthers(args, doctorRequest(args, {}, ruling, kindOf))).toThrow(
    '--interval says something about watching only',
  );
});
