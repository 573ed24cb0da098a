import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { reportFault } from '../../src/model/report-shape.ts';
import { SCENARIOS } from '../e2e/recorded.ts';
import { folderForFile, runPodctl } from '../support/cli.ts';

const folder = folderForFile();
const at = (name: string) => path.join(folder, name);
const LEAKED = path.join(SCENARIOS, 'a-pin-leaked-with-its-reservation-1.6.20.snapshot.json');
const doctor = (...args: string[]) => runPodctl(['doctor', '--fail-on', 'warning', ...args]);
const written = (name: string, value: unknown) => {
  fs.writeFileSync(at(name), typeof value === 'string' ? value : JSON.stringify(value));
  return at(name);
};

test('what was saved as known fails no run, is told in one line, and with -v one by one', async () => {
  const known = at('known.json');
  const first = await doctor('--from-snapshot', LEAKED, '--save-baseline', known);
  expect(first).toMatchObject({ code: 1, stderr: '' });
  const second = await doctor('--from-snapshot', LEAKED, '--baseline', known);
  expect(second).toMatchObject({ code: 0, stderr: '' });
  expect(second.stdout.replaceAll('\n', ' ')).toContain(`checks pass; 7 known from ${known} (-v); `);
  const all = await doctor('--from-snapshot', LEAKED, '--baseline', known, '-v', '-o', 'wide');
  expect(all.stdout).toMatch(
    /^accepted\n(.*\n)* {2}cni\/dangling-link +known +veth0086d3fa in cni0 .*; since 20/m,
  );
});

test('a report is a baseline, too; what is new fails, what is gone is named', async () => {
  const saved = await doctor('--from-snapshot', LEAKED, '-o', 'json');
  const report: Report = JSON.parse(saved.stdout);
  expect(reportFault(report)).toBeNull();
  const [leaked, ...others] = report.checks
    .flatMap(({ findings }) => findings)
    .filter((f) => f.severity !== 'info');
  const gone = { ...leaked, fingerprint: 'netns/leaked leaked netns /run/netns/cni-1', message: 'it leaked' };
  const checks = report.checks.map((check) => ({
    ...check,
    findings: check.id === 'netns/leaked' ? [gone] : check.findings,
  }));
  const file = written('report.json', { ...report, checks });
  const run = await doctor('--from-snapshot', LEAKED, '--baseline', file, '-o', 'json');
  const told: Report = JSON.parse(run.stdout);
  expect(run.code).toBe(1);
  expect(others.length).toBeGreaterThan(0);
  expect(told.checks.flatMap(({ id, findings }) => findings.map(() => id))).toEqual(['netns/leaked']);
  expect(told.counts).toMatchObject({ warning: 1, ignored: 6 });
  expect(told.baseline).toMatchObject({ file, gone: [{ check: 'netns/leaked', message: 'it leaked' }] });
  expect(reportFault(told)).toBeNull();
  const text = await doctor('--from-snapshot', LEAKED, '--baseline', file);
  expect(text.stdout.replaceAll('\n', ' ')).toContain(`7 known from ${file}, 1 of them is gone (-v)`);
});

test('a baseline of another node is used, and that is said', async () => {
  const known = at('other.json');
  await doctor('--from-snapshot', LEAKED, '--save-baseline', known);
  const file = written('other.json', {
    ...JSON.parse(fs.readFileSync(known, 'utf8')),
    node: 'worker-2\u001b[2J',
  });
  const run = await doctor('--from-snapshot', LEAKED, '--baseline', file);
  expect(run.code).toBe(0);
  expect(run.stderr).toBe(`note: the baseline ${file} was taken on worker-2\\x1b[2J, and this is worker-1\n`);
});

const HINT = (file: string) => `hint: podctl doctor --save-baseline ${file} writes one\n`;

test.each([
  ['damaged', '{"schema": "podctl.baseline/v1",', 'is no baseline: it is cut short or not JSON'],
  [
    'a snapshot',
    { schema: 'podctl.snapshot/v1' },
    'it is no baseline: its schema is "podctl.snapshot/v1", not podctl.baseline/v1',
  ],
  [
    'of a later podctl',
    { schema: 'podctl.baseline/v2' },
    'was written by a later podctl (podctl.baseline/v2; this one reads podctl.baseline/v1)',
  ],
  [
    'without findings',
    { schema: 'podctl.baseline/v1', podctl: '', node: '', takenAt: '2026-01-02T03:04:05Z' },
    'baseline.findings is missing',
  ],
  [
    'poisoned',
    '{"schema":"podctl.baseline/v1","__proto__":{"a":1}}',
    'it has the key __proto__, which no baseline has',
  ],
])('a baseline that is %s is refused, and nothing is looked at', async (name, value, fault) => {
  const file = written(`${name}.json`, value);
  const run = await doctor('--from-snapshot', LEAKED, '--baseline', file);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(fault);
  expect(run.stderr.endsWith(HINT(file))).toBe(true);
});

test('one that is not there is refused, and so is a place where none can be written', async () => {
  const gone = await doctor('--from-snapshot', LEAKED, '--baseline', at('gone.json'));
  expect(gone).toMatchObject({ code: 2, stdout: '' });
  expect(gone.stderr).toBe(
    `error: cannot read the baseline ${at('gone.json')}: no such file or folder\n${HINT(at('gone.json'))}`,
  );
  const nowhere = await doctor('--from-snapshot', LEAKED, '--save-baseline', at('no/where.json'));
  expect(nowhere).toMatchObject({ code: 2, stdout: '' });
});

test.each([
  [['--fix', '--baseline', 'x'], '--fix cannot go with --baseline: it cures what is known, too'],
  [['--fix', '--save-baseline', 'x'], '--fix cannot go with --save-baseline: it cures what is known, too'],
  [['--watch', '--save-baseline', 'x'], '--save-baseline cannot go with --watch, which looks for ever'],
])('%j is refused', async (args, fault) => {
  const run = await runPodctl(['doctor', ...args], { cwd: folder });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(fault);
});
