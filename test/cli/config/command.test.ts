import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { folderForFile, runPodctl } from '../../support/cli.ts';

const folder = folderForFile();
let count = 0;

function written(text: string): string {
  count += 1;
  const file = path.join(folder, `${count}.yaml`);
  fs.writeFileSync(file, text, { mode: 0o644 });
  return file;
}

const FULL = `schema: podctl.config/v1
checks:
  disable: ["podman/*"]
severity:
  config/mutable-sandbox-tag: error
options:
  sandbox/notready-pile: {tolerated: 3}
ignore:
  - check: cni/leaked-reservation
    subject: 10.88.0.*
    reason: "the test bench\\e[31m"
    until: 2030-12-31
endpoints:
  runtime: unix:///run/containerd/containerd.sock
folders:
  cniBinDir: [/opt/cni/bin, /usr/lib/cni]
doctor:
  failOn: warning
`;
const alone = { PODCTL_CONFIG: 'none' };
const podctl = (args: string[], env: Record<string, string> = {}) =>
  runPodctl(['config', ...args], { env: { ...alone, ...env } });

test('view shows what holds, and what it prints is a configuration itself', async () => {
  const seen = await podctl(['view', '-c', written(FULL)]);
  expect([seen.code, seen.stderr]).toEqual([0, '']);
  const said = parse(seen.stdout);
  expect(said).toMatchObject({
    checks: { disable: expect.arrayContaining(['podman/leaked-netns', 'podman/pause-lost']) },
    severity: { 'config/mutable-sandbox-tag': 'error' },
    options: { 'sandbox/notready-pile': { tolerated: 3 }, 'sandbox/slow-creation': { warnMinutes: 4 } },
    ignore: [{ subject: '10.88.0.*', until: '2030-12-31' }],
    endpoints: { runtime: 'unix:///run/containerd/containerd.sock' },
    folders: { cniBinDir: ['/opt/cni/bin', '/usr/lib/cni'], stateDir: '/run/podctl' },
    doctor: { failOn: 'warning', minAge: '1m' },
  });
  const again = await podctl(['view', '-c', written(seen.stdout)]);
  expect(again.stdout).toBe(seen.stdout);
  expect(seen.stdout).not.toContain('\x1b');
});

test('view --origin says who says it', async () => {
  const file = written(FULL);
  const env = { PODCTL_STATE_DIR: '/tmp/p', CNI_PATH: '/a:/b' };
  const { stdout } = await podctl(['view', '--origin', '-c', file], env);
  const lines = stdout.split('\n').map((line) => line.trim());
  for (const line of [
    `- podman/leaked-netns # ${file}:3`,
    `config/mutable-sandbox-tag: error # ${file}:5`,
    `tolerated: 3 # ${file}:7`,
    'warnMinutes: 4 # default',
    'stateDir: /tmp/p # PODCTL_STATE_DIR',
    `failOn: warning # ${file}:18`,
    'minAge: 1m # default',
  ])
    expect(lines).toContain(line);
  expect(parse(stdout).folders.cniBinDir).toEqual(['/a', '/b']);
  const asData = JSON.parse((await podctl(['view', '--origin', '-o', 'json', '-c', file], env)).stdout);
  expect(asData).toMatchObject({ schema: 'podctl.config-view/v1', files: [file] });
  expect(asData.values).toContainEqual({ key: 'folders.cniBinDir', value: ['/a', '/b'], origin: 'CNI_PATH' });
  expect(asData.values).toContainEqual({ key: 'doctor.failOn', value: 'warning', origin: `${file}:18` });
});

test('without a file, what holds is what is built in', async () => {
  const { stdout, code } = await podctl(['view', '-o', 'json', '--origin']);
  const { files, values } = JSON.parse(stdout);
  expect([code, files]).toEqual([0, []]);
  expect([...new Set(values.map(({ origin }: { origin: string }) => origin))]).toEqual(['default']);
});

test('check lists all that is wrong, line by line', async () => {
  const file = written(
    'schema: podctl.config/v1\ndoctor:\n  failOn: warn\n  wait: 1\nseverity:\n  netns/leaked: bad\n',
  );
  const { code, stdout, stderr } = await podctl(['check', file]);
  expect([code, stderr]).toEqual([2, '']);
  expect(stdout.split('\n').map((line) => line.slice(0, file.length + 3))).toEqual([
    `${file}:3:`,
    `${file}:4:`,
    `${file}:6:`,
    '',
  ]);
  const checks = written('schema: podctl.config/v1\nchecks:\n  disable:\n    - cni/nothing\n');
  expect(await podctl(['check', checks])).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/:4: no check/),
  });
});

test('check tells of an ignore that has expired, and of a file that is right', async () => {
  const old = written(FULL.replace('2030', '2020'));
  expect(await podctl(['check', old])).toMatchObject({
    code: 1,
    stdout: `${old}:9: this ignore has expired: it was good until 2020-12-31\n`,
  });
  expect(await podctl(['check', written(FULL)])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'nothing is wrong in 1 file\n',
  });
  expect(await podctl(['check'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'there is no configuration\n',
  });
  expect(await podctl(['check', '/gone.yaml'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('cannot read /gone.yaml: no such file'),
  });
});

test('the JSON Schema takes what podctl takes, and refuses what it refuses', async () => {
  const { stdout, code } = await podctl(['schema']);
  expect(code).toBe(0);
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  const validate = ajv.compile(JSON.parse(stdout));
  const asSeen = parse((await podctl(['view', '-c', written(FULL)])).stdout);
  for (const right of [parse(FULL), asSeen, { schema: 'podctl.config/v1' }])
    expect([validate(right), validate.errors]).toEqual([true, null]);
  const wrong: Record<string, unknown>[] = [
    { schema: 'podctl.config/v2' },
    { ignores: [] },
    { doctor: { 'fail-on': 'error' } },
    { doctor: { failOn: 'warn' } },
    { doctor: { minAge: 10 } },
    { doctor: { minAge: 'soon' } },
    { checks: { disable: 'image/*' } },
    { checks: { packages: ['../evil'] } },
    { severity: { 'netns/leaked': 'bad' } },
    { severity: { netns: 'info' } },
    { options: { 'sandbox/notready-pile': { tolerated: 0 } } },
    { options: { 'sandbox/notready-pile': { tolerate: 2 } } },
    { ignore: [{ check: 'cni/*', subject: 'x' }] },
    { ignore: [{ check: 'cni/*', subject: 'x', reason: ' ' }] },
    { ignore: [{ check: 'cni/*', subject: 'x', reason: 'y', until: 'soon' }] },
    { folders: { stateDir: 'run' } },
    { endpoints: { runtime: 'tcp://x' } },
  ];
  for (const one of wrong) {
    const said = { schema: 'podctl.config/v1', ...one };
    expect([one, validate(said)]).toEqual([one, false]);
    expect(await podctl(['check', written(JSON.stringify(said))])).toMatchObject({ code: 2 });
  }
});
