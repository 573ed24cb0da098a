import { expect, test } from 'vitest';
import { builtinChecks } from '../../../src/cli/builtin-checks.ts';
import { rule } from '../../../src/cli/config/ruling.ts';
import { type CureRequest, gcRequest } from '../../../src/cli/cure/request.ts';
import { parseArgv } from '../../../src/cli/parse.ts';
import { GC_KINDS } from '../../../src/remedy/remedy.ts';

async function request(line: string, env: Record<string, string> = {}): Promise<CureRequest> {
  const argv = ['gc', ...line.split(' ').filter(Boolean)];
  const parsed = await parseArgv(argv);
  if (parsed.command !== 'gc') throw new Error(`parsed as ${parsed.command}`);
  return gcRequest(parsed.args, env, argv, await rule([], builtinChecks));
}

test('defaults: everything left behind, for ten minutes, looked at twice', async () => {
  const { look, ...rest } = await request('orphans');
  expect(rest).toEqual({
    argv: ['gc', 'orphans'],
    kinds: GC_KINDS,
    risk: 'disruptive',
    settleMs: 5000,
    dryRun: false,
    yes: false,
    force: [],
    maxPercent: null,
    assumeNoKubelet: false,
    pauseArchive: null,
    planOut: null,
    keepMs: 86_400_000,
    stateDir: '/run/podctl',
  });
  expect(look).toMatchObject({ minAgeMs: 600_000, endpoint: null, timeoutMs: 10_000, deadlineMs: 30_000 });
  expect(look.checks.length).toBeGreaterThan(3);
  expect(look.checks.every((check) => check.meta.tags.includes('orphan'))).toBe(true);
});

test.each([
  ['ipam', { kinds: ['ipam'] }],
  ['netns --min-age 0s --settle 2s', { settleMs: 2000 }],
  ['orphans -y --risk destructive', { yes: true, risk: 'destructive' }],
  ['orphans --force kubelet-silent --force not-alone', { force: ['kubelet-silent', 'not-alone'] }],
  ['orphans --max-share 80', { maxPercent: 80 }],
  ['orphans --max-share 80%', { maxPercent: 80 }],
  ['orphans --plan-out /tmp/p.json --keep 1h', { planOut: '/tmp/p.json', keepMs: 3_600_000 }],
  ['orphans --assume-no-kubelet --dry-run', { assumeNoKubelet: true, dryRun: true }],
  ['orphans --state-dir /tmp/../tmp/s', { stateDir: '/tmp/s' }],
] as const)('%s', async (line, expected) => {
  expect(await request(line)).toMatchObject(expected);
});

test('the state folder may come from the environment', async () => {
  expect(await request('orphans', { PODCTL_STATE_DIR: '/tmp/e' })).toMatchObject({ stateDir: '/tmp/e' });
});

test.each([
  ['pods', 'gc: "pods" is unknown'],
  ['orphans --risk high', '--risk: "high" is unknown'],
  ['orphans --force yes', '--force: "yes" is unknown'],
  ['orphans --force runtime-silent', '--force: "runtime-silent" is unknown'],
  ['orphans --max-share 0', '--max-share: "0" is no percentage'],
  ['orphans --max-share 101', '--max-share: "101" is no percentage'],
  ['orphans --max-share half', '--max-share: "half" is no percentage'],
  ['orphans --plan-out /nowhere/p.json', '--plan-out: there is no folder /nowhere'],
  ['orphans --plan-out /tmp', '--plan-out: /tmp is a folder'],
  ['orphans --settle soon', '--settle: "soon" is no duration'],
  ['orphans -r http://x', '--runtime-endpoint: http:// is not spoken here, only Unix sockets are'],
])('%s is refused', async (line, message) => {
  await expect(request(line)).rejects.toThrow(message);
});
