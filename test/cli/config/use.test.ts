import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../../src/model/report.ts';
import { folderForFile, root, runPodctl } from '../../support/cli.ts';

const folder = folderForFile();
const snapshot = path.join(root, 'test/demo/broken-node.snapshot.json');
let count = 0;

function written(text: string): string {
  count += 1;
  const file = path.join(folder, `${count}.yaml`);
  fs.writeFileSync(file, `schema: podctl.config/v1\n${text}`, { mode: 0o644 });
  return file;
}

async function doctor(text: string, ...args: string[]) {
  const file = written(text);
  const words = ['doctor', '--from-snapshot', snapshot, '-c', file, ...args];
  return { file, ...(await runPodctl(words)) };
}

async function report(text: string, ...args: string[]): Promise<Report> {
  return JSON.parse((await doctor(text, '-o', 'json', ...args)).stdout);
}

const plain: Report = JSON.parse(
  (await runPodctl(['doctor', '--from-snapshot', snapshot, '-o', 'json'], { env: { PODCTL_CONFIG: 'none' } }))
    .stdout,
);
const [first] = plain.checks.filter(({ findings }) => findings.some(({ severity }) => severity === 'error'));
const finding = first?.findings[0];
if (!first || !finding) throw new Error('the sample has no error');

const ignore = (more: string) =>
  `ignore:\n  - check: ${first.id}\n    subject: ${JSON.stringify(finding.subject.id)}\n    reason: being mended\n${more}`;

test.each([
  ['doctor:\n  failOn: warn\n', ':3: doctor.failOn = "warn" is not one of'],
  [
    'checks:\n  disable:\n    - netns/leeked\n',
    ':4: no check is called "netns/leeked": did you mean netns/leaked?',
  ],
  ['options:\n  netns/leaked:\n    a: 1\n', ':3: netns/leaked takes no options'],
  ['doctor: {}\ndoctor: {}\n', ':3: this key comes twice'],
  ['a: [\n', ': it is not valid YAML: '],
  ['a: &a [1]\nb: [*a, *a]\n', ':3: an alias (*) is not used here'],
  [ignore('    until: 2026-13-01\n'), ':6: ignore.1.until = "2026-13-01" is not a day'],
])('%j: one line with file and line, and nothing runs', async (text, message) => {
  for (const args of [['doctor'], ['gc', 'orphans'], ['checks']]) {
    const file = written(text);
    const { code, stdout, stderr } = await runPodctl([...args, '--config', file]);
    expect([args, code, stdout]).toEqual([args, 2, '']);
    expect(stderr).toMatch(/^error: .+\nhint: .+\n$/);
    expect(stderr).toContain(`error: ${file}`);
    expect(stderr).toContain(message);
  }
});

test('what is ignored counts for nothing, and is told with -v', async () => {
  const judged = await report(ignore('    until: 2099-12-31\n'));
  const check = judged.checks.find(({ id }) => id === first.id);
  expect(check?.ignored.map(({ ignored }) => ignored)).toEqual([
    { by: 'configuration', reason: 'being mended', until: '2099-12-31' },
  ]);
  expect(judged.counts).toMatchObject({ ignored: 1, error: plain.counts.error - 1 });
  const causes = judged.checks.flatMap((c) => [
    ...c.explainedBy,
    ...c.findings.flatMap((f) => f.explainedBy),
  ]);
  const named = causes.filter((cause) => cause.check === first.id && cause.subject.id === finding.subject.id);
  expect(named).toEqual([]);
  expect((await doctor(ignore(''))).stdout).toMatch(/;\s1\signored\s\(-v\)/);
  const said = await doctor(ignore('    until: 2099-12-31\n'), '-v', '-o', 'wide');
  expect(said.stdout).toMatch(
    new RegExp(`^accepted\\n  ${first.id} +ignored .*being mended; until 2099-12-31$`, 'm'),
  );
  expect(said.stderr).toBe('');
});

test('an ignore that has expired is a finding of its own, and what it was for counts again', async () => {
  const { file, stdout } = await doctor(ignore('    until: 2020-12-31\n'), '-o', 'json');
  const judged: Report = JSON.parse(stdout);
  expect(judged.counts).toMatchObject({ ignored: 0, error: plain.counts.error });
  const expired = judged.checks.find(({ id }) => id === 'podctl/ignore-expired');
  expect(expired?.findings).toMatchObject([
    { severity: 'warning', subject: { kind: 'file', id: `${file}:3` } },
  ]);
  expect(judged.facts.map(({ name }) => name)).toContain('ownConfig');
  expect(plain.facts.map(({ name }) => name)).not.toContain('ownConfig');
});

test('an ignore that nothing fits is told with -v', async () => {
  const text = `ignore:\n  - check: ${first.id}\n    subject: gone\n    reason: x\n`;
  const { file, stderr } = await doctor(text, '-v');
  expect(stderr).toBe(`note: ${file}:3: nothing was found that this would ignore\n`);
  expect((await doctor(text)).stderr).toBe('');
});

test('severity, options and what does not run are heard', async () => {
  const judged = await report(`severity:\n  ${first.id}: info\nchecks:\n  disable: ["cni/*"]\n`);
  expect(judged.checks.find(({ id }) => id === first.id)?.findings[0]?.severity).toBe('info');
  expect(judged.checks.filter(({ id }) => id.startsWith('cni/'))).toEqual([]);
  const named = await report('checks:\n  disable: ["cni/*"]\n', 'cni/odd-file');
  expect(named.checks.map(({ id }) => id)).toEqual(['cni/odd-file']);
});

test('defaults of the doctor are heard where its line says nothing', async () => {
  expect((await doctor('doctor:\n  failOn: never\n')).code).toBe(0);
  expect((await doctor('doctor:\n  failOn: never\n', '--fail-on', 'error')).code).toBe(1);
});

test('what a file names is told with its line where it cannot be used', async () => {
  const file = written('doctor:\n  pauseVersions: /gone.yaml\nendpoints:\n  runtime: /etc\n');
  const { code, stderr } = await runPodctl(['doctor', '-c', file]);
  expect([code, stderr.split('\n')[0]]).toEqual([
    2,
    `error: ${file}:5: endpoints.runtime: /etc is no socket`,
  ]);
  const other = written('doctor:\n  pauseVersions: /gone.yaml\n');
  const ran = await runPodctl(['doctor', '-c', other]);
  expect([ran.code, ran.stderr.split('\n')[0]]).toEqual([
    2,
    `error: ${other}:3: doctor.pauseVersions: cannot read /gone.yaml: no such file`,
  ]);
});

test('sandboxes are kept where the file says, unless the line or the environment does', async () => {
  const state = path.join(folder, 'state');
  const file = written(`folders:\n  stateDir: ${state}\n`);
  const made = await runPodctl(['sandbox', 'create', 'conf', '--network', 'none', '--config', file]);
  expect([made.code, made.stderr]).toEqual([0, '']);
  const names = async (args: string[], env: Record<string, string> = {}) =>
    JSON.parse((await runPodctl(['sandbox', 'ls', '-o', 'json', ...args], { env })).stdout).sandboxes.map(
      ({ name }: { name: string }) => name,
    );
  try {
    expect(await names(['--config', file])).toEqual(['conf']);
    expect(await names(['--config', file, '--state-dir', path.join(folder, 'other')])).toEqual([]);
    expect(await names(['--config', file], { PODCTL_STATE_DIR: path.join(folder, 'other') })).toEqual([]);
    expect(await names([], { PODCTL_CONFIG: file })).toEqual(['conf']);
  } finally {
    await runPodctl(['sandbox', 'rm', '-f', 'conf', '--state-dir', state]);
  }
});
