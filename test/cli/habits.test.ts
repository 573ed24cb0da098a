import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isUnattended, wantsDebug } from '../../src/cli/environment.ts';
import { SCENARIOS } from '../e2e/recorded.ts';
import { folderForFile, podctl, runPodctl } from '../support/cli.ts';

const folder = folderForFile();
const BROKEN = path.join(SCENARIOS, 'pause-killed-2.1.9.snapshot.json');
const DOCTOR = ['doctor', '--from-snapshot', BROKEN];
const ESCAPE = '\u001b[';

test.each([
  [{}, [], false],
  [{ FORCE_COLOR: '1' }, [], true],
  [{ CLICOLOR_FORCE: '1' }, [], true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, [], false],
  [{ FORCE_COLOR: '1', NO_COLOR: '' }, [], true],
  [{ FORCE_COLOR: '1', CLICOLOR: '0' }, [], true],
  [{ FORCE_COLOR: '0', CI: 'true' }, [], false],
  [{ NO_COLOR: '1', TERM: 'dumb' }, ['--color', 'always'], true],
  [{ FORCE_COLOR: '1' }, ['--color', 'never'], false],
])('%j %j: colours %j', async (env, args, colours) => {
  const { stdout } = await runPodctl([...DOCTOR, ...args], { env });
  expect(stdout.includes(ESCAPE)).toBe(colours);
});

test('whatever forces colours, what programs read has none', async () => {
  for (const format of ['json', 'yaml', 'prometheus']) {
    const { stdout } = await runPodctl([...DOCTOR, '-o', format], { env: { FORCE_COLOR: '1' } });
    expect(stdout).not.toContain(ESCAPE);
  }
});

test('no pager, whatever the environment names', async () => {
  const trace = path.join(folder, 'paged');
  const pager = path.join(folder, 'pager');
  fs.writeFileSync(pager, `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 });
  const { stdout } = await runPodctl([...DOCTOR, '-v'], { env: { PAGER: pager, PODCTL_PAGER: pager } });
  expect(stdout.split('\n').length).toBeGreaterThan(40);
  expect(fs.existsSync(trace)).toBe(false);
});

test.each([
  ['json', (text: string) => JSON.parse(text)],
  ['ndjson', (text: string) => JSON.parse(text)],
  ['yaml', async (text: string) => (await import('yaml')).parse(text)],
])('-o %s: a failure is a document on stdout too, and a line on stderr', async (format, read) => {
  const { code, stdout, stderr } = await runPodctl(['diff', 'nothing-here', 'x', '-o', format]);
  expect({ code, stderr: stderr.split('\n')[0] }).toEqual({
    code: 2,
    stderr: 'error: cannot read the report or snapshot nothing-here: no such file or folder',
  });
  expect(stdout.endsWith('\n')).toBe(true);
  expect(await read(stdout)).toMatchObject({
    schema: 'podctl.error/v1',
    error: 'cannot read the report or snapshot nothing-here: no such file or folder',
    exitCode: 2,
  });
});

test('so is the answer that there is no such thing, with its exit code', async () => {
  const { code, stdout } = await runPodctl(['tree', 'nobody', '--from-snapshot', BROKEN, '-o', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({ error: 'no pod is called "nobody"', exitCode: code });
  expect(code).toBe(1);
  const people = await runPodctl(['tree', 'nobody', '--from-snapshot', BROKEN]);
  expect(people).toMatchObject({ code: 1, stdout: '' });
});

test('a reader that has enough ends it quietly', async () => {
  const line = `node ${podctl} doctor --from-snapshot ${BROKEN} -v -o json --fail-on never | head -c 10`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['-o', 'pipefail', '-c', line]);
  expect({ stdout: stdout.length, stderr }).toEqual({ stdout: 10, stderr: '' });
});

test('kubectl runs it as a plug-in, and its usage says so', async () => {
  const plugin = path.join(folder, 'kubectl-podctl');
  fs.symlinkSync(podctl, plugin);
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [plugin, 'gc', '--help']);
  expect(stdout).toContain('kubectl podctl gc <kind>');
  await expect(run(process.execPath, [plugin, 'doctr'])).rejects.toMatchObject({
    code: 2,
    stderr: 'error: no command is called "doctr"\nhint: did you mean kubectl podctl doctor?\n',
  });
});

test('a pipeline that was started again to debug it gets our traces', async () => {
  const quiet = await runPodctl(DOCTOR);
  const loud = await runPodctl(DOCTOR, { env: { GITHUB_ACTIONS: 'true', RUNNER_DEBUG: '1' } });
  expect(quiet.stderr).toBe('');
  expect(loud.stderr).toMatch(/^debug: fact /m);
  expect(loud.stdout).toBe(quiet.stdout);
  expect(wantsDebug({ PODCTL_DEBUG: '1' })).toBe(true);
  expect(wantsDebug({ RUNNER_DEBUG: '0' })).toBe(false);
});

test('nobody is asked in a pipeline', () => {
  expect(isUnattended({ CI: 'true' })).toBe(true);
  expect(isUnattended({ CI: '' })).toBe(false);
  expect(isUnattended({})).toBe(false);
});
