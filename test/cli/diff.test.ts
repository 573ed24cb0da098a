import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Diff } from '../../src/model/diff.ts';
import { SCENARIOS } from '../e2e/recorded.ts';
import { folderForFile, podctl, runPodctl } from '../support/cli.ts';

const folder = folderForFile();
const BEFORE = path.join(SCENARIOS, 'a-pin-leaked-with-its-reservation-1.6.20.snapshot.json');
const AFTER = path.join(SCENARIOS, 'pause-killed-2.1.9.snapshot.json');
const diff = (...args: string[]) => runPodctl(['diff', ...args]);

async function report(snapshot: string, name: string): Promise<string> {
  const { stdout } = await runPodctl(['doctor', '--from-snapshot', snapshot, '-o', 'json']);
  fs.writeFileSync(path.join(folder, name), stdout);
  return path.join(folder, name);
}

test('two snapshots: what appeared, what is gone, and what else differs', async () => {
  const run = await diff(BEFORE, AFTER, '-o', 'json');
  expect(run).toMatchObject({ code: 1, stderr: '' });
  const told: Diff = JSON.parse(run.stdout);
  expect(told.schema).toBe('podctl.diff/v1');
  expect(told.from).toMatchObject({ file: BEFORE, schema: 'podctl.snapshot/v1', node: 'worker-1' });
  expect(told.changes.map(({ change, check }) => `${change} ${check}`)).toEqual(
    expect.arrayContaining(['appeared sandbox/anchor-lost', 'gone netns/leaked']),
  );
  expect(told.facts).toContainEqual({
    what: 'runtime',
    from: 'containerd 1.6.20~ds1',
    to: 'containerd 2.1.9+unknown',
  });
  const lines = (await diff(BEFORE, AFTER, '-o', 'ndjson')).stdout.trimEnd().split('\n');
  expect(lines.map((line): Change => JSON.parse(line))).toEqual(told.changes);
  expect((await diff(BEFORE, AFTER, '-o', 'yaml')).stdout).toMatch(/^schema: podctl\.diff\/v1\n/);
});

test('a report and the snapshot that it is of say the same; a report may come on stdin', async () => {
  const file = await report(BEFORE, 'before.json');
  expect(await diff(file, BEFORE)).toMatchObject({ code: 0, stderr: '' });
  const text = execFileSync(process.execPath, [podctl, 'diff', file, '-'], {
    input: fs.readFileSync(file),
    encoding: 'utf8',
  });
  expect(text).toMatch(/^worker-1 {3}2026-\d\d-\d\d .*\n\nthe same findings in both\n$/);
});

test.each([
  ['{"schema":"podctl.plan/v1"}', 'it is no report: its schema is "podctl.plan/v1", not podctl.report/v1'],
  ['{"schema":"podctl.snapshot/v2"}', 'was written by a later podctl'],
  ['{"schema":"podctl.report/v1","__proto__":{}}', 'it has the key __proto__, which no report has'],
  ['{', 'is no report or snapshot: it is cut short or not JSON'],
])('%s is refused, naming the file', async (text, fault) => {
  const file = path.join(folder, 'bad.json');
  fs.writeFileSync(file, text);
  const run = await diff(BEFORE, file);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(`error: ${file}`);
  expect(run.stderr).toContain(fault);
});

test('without two files it says what is missing', async () => {
  expect(await diff(BEFORE)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'error: an argument is missing\nhint: podctl diff --help\n',
  });
  expect((await diff(BEFORE, AFTER, '-o', 'tabel')).stderr).toContain('-o: "tabel" is unknown');
});
