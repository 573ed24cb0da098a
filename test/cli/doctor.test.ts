import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Report } from '../../src/model/report.ts';
import { isUnsafe } from '../../src/report/escape.ts';
import { folderForFile, runPodctl } from '../support/cli.ts';
import { addPod, healthyNode } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';

const folder = folderForFile();
const healthy = path.join(folder, 'healthy.json');
const broken = path.join(folder, 'broken.json');
const hostile = path.join(folder, 'hostile.json');

/** As a plain doctor sees it, which makes no canary. */
function plainNode() {
  const { canary: _, ...node } = healthyNode();
  return node;
}

beforeAll(() => {
  fs.writeFileSync(healthy, JSON.stringify(snapshotOf(plainNode())));
  const node = plainNode();
  fs.writeFileSync(broken, JSON.stringify(snapshotOf({ ...node, images: [] })));
  const owned = healthyNode();
  owned.host.hostname = `a\x1b[2J\u202e"'${'x'.repeat(10_000)}\n`;
  addPod(owned, 30, `b\x1b]0;owned\x07${'y'.repeat(10_000)}`);
  fs.writeFileSync(hostile, JSON.stringify(snapshotOf({ ...owned, images: [] })));
});

test('a healthy node takes two lines and exit code 0', async () => {
  const { code, stdout, stderr } = await runPodctl(['doctor', '--from-snapshot', healthy]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')).toHaveLength(3);
  expect(stdout).toMatch(/ 74 ms\n\d+ checks pass/);
});

test('a missing sandbox image is an error, exit code 1', async () => {
  const { code, stdout } = await runPodctl(['doctor', '--from-snapshot', broken]);
  expect(code).toBe(1);
  expect(stdout).toContain('\nERROR  ');
  expect(stdout).toContain('image/sandbox-image-missing');
  const never = await runPodctl(['doctor', '--from-snapshot', broken, '--fail-on', 'never']);
  expect(never).toMatchObject({ code: 0, stdout });
});

test('JSON, YAML and files beside stdout say the same', async () => {
  const reports = ['json', 'yaml', 'wide'].flatMap((f) => [
    '--report',
    `${f}=${path.join(folder, `out.${f}`)}`,
  ]);
  const { stdout } = await runPodctl(['doctor', '--from-snapshot', broken, '-o', 'json', ...reports]);
  const report: Report = JSON.parse(stdout);
  expect(report).toMatchObject({ schema: 'podctl.report/v1', complete: true, counts: { error: 1 } });
  const read = (format: string) => fs.readFileSync(path.join(folder, `out.${format}`), 'utf8');
  const timeless = (r: Report) => ({ ...r, checks: r.checks.map((c) => ({ ...c, ms: 0 })) });
  expect(timeless(JSON.parse(read('json')))).toEqual(timeless(report));
  expect(timeless(parse(read('yaml')))).toEqual(timeless(report));
  expect(read('wide')).toContain('ERROR');
});

test('jq picks from the report', async () => {
  const jq = (expression: string) => runPodctl(['doctor', '--from-snapshot', broken, '--jq', expression]);
  expect(await jq('.checks[] | select(.verdict == "found") | .id, .severity')).toMatchObject({
    code: 1,
    stdout: '"image/sandbox-image-missing"\n"error"\n',
  });
  expect(await jq('.checks[')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^error: --jq: .+\nhint: .+\n$/),
  });
});

test('names that mean harm reach neither the terminal nor the JSON', async () => {
  for (const format of ['table', 'wide', 'json', 'yaml']) {
    const { code, stdout } = await runPodctl(['doctor', '-v', '--from-snapshot', hostile, '-o', format]);
    expect(code).toBe(1);
    expect(stdout.split('\n').filter(isUnsafe)).toEqual([]);
    if (format === 'json') expect(JSON.parse(stdout).node).toContain('\x1b[2J');
  }
});

test('a required fact that is absent makes exit code 3', async () => {
  const file = path.join(folder, 'bare.json');
  const { host } = healthyNode();
  fs.writeFileSync(file, JSON.stringify(snapshotOf({ host })));
  const run = (...more: string[]) => runPodctl(['doctor', '--from-snapshot', file, ...more]);
  expect((await run()).code).toBe(0);
  expect((await run('--require', 'host')).code).toBe(0);
  expect((await run('--require', 'runtime')).code).toBe(3);
});

test.each([
  [['doctor', 'netns/leakd'], 'error: no check is called "netns/leakd"\nhint: did you mean netns/leaked?\n'],
  [
    ['doctor', '-r', '/etc/passwd'],
    'error: --runtime-endpoint: /etc/passwd is no socket\nhint: name the socket of the runtime\n',
  ],
  [['doctor', 'a\x1b[2Jb'], 'error: no check is called "a\\x1b[2Jb"\nhint: podctl checks lists all checks\n'],
  [['docter'], 'error: no command is called "docter"\nhint: did you mean podctl doctor?\n'],
  [['version', '-o', 'xml'], 'error: -o: "xml" is unknown\nhint: it is one of json, yaml\n'],
])('%j is one clear line and exit code 2', async (args, stderr) => {
  expect(await runPodctl(args)).toEqual({ code: 2, signal: null, stdout: '', stderr });
});

test('alone it prints its help and fails; asked for, the help is the result', async () => {
  const alone = await runPodctl([]);
  expect(alone).toMatchObject({ code: 2, stdout: '' });
  expect(await runPodctl(['--help'])).toMatchObject({ code: 0, stdout: alone.stderr, stderr: '' });
});

test('the version', async () => {
  const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
  expect((await runPodctl(['--version'])).stdout).toBe(`podctl ${version}\n`);
  expect(JSON.parse((await runPodctl(['version', '-o', 'json'])).stdout).podctl).toBe(version);
});

test('colours come only when asked for, as nobody looks', async () => {
  const run = (args: string[], env = {}) =>
    runPodctl(['doctor', '--from-snapshot', broken, ...args], { env }).then((r) =>
      r.stdout.includes('\x1b['),
    );
  expect(await run([])).toBe(false);
  expect(await run(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
  expect(await run([], { FORCE_COLOR: '1' })).toBe(true);
  expect(await run([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
});
