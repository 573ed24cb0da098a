import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { reportOf, runPodctl } from '../support/cli.ts';
import { plantProgram } from '../support/go-program.ts';
import { CONFIG, CONFIGS, CONFLIST, kubelet, nodeImage, PLUGINS, UNIT } from '../support/node-image.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

let root: string;

beforeEach(() => {
  root = temporaryFolder();
});

test.each([
  ['1.6', '1.6.20~ds1'],
  ['1.7', '1.7.24~ds1'],
  ['2.x', '2.1.9+ds1'],
] as const)('a sound image with containerd %s', async (line, version) => {
  await nodeImage(root, line);
  const { code, report } = await reportOf(['--root', root, '--require', 'runtime-config,cni,kubelet-config']);
  expect(report.checks.flatMap(({ findings }) => findings)).toEqual([]);
  expect(code).toBe(0);
  expect(report).toMatchObject({
    node: 'golden',
    runtime: `node image, containerd ${version}, kubelet 1.34.2`,
    sandboxes: null,
    counts: { unknown: 0 },
  });
  const skipped = report.checks.filter(({ verdict }) => verdict === 'skipped').map(({ reason }) => reason);
  expect([...new Set(skipped)]).toEqual(['this is a node image: nothing runs in it']);
  const passing = report.checks.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
  expect(passing).toEqual([
    'cgroup/image-driver-mismatch',
    'cni/configuration-broken',
    'cni/plugin-missing',
    'config/malformed-image-name',
    'config/mutable-sandbox-tag',
    'config/sandbox-image-drift',
    'config/unreadable',
    'kubelet/image-endpoint',
    'kubelet/removed-flag',
    'kubelet/removed-pause-flag',
    'kubelet/resolv-conf-missing',
    'kubelet/stale-pause-flag',
  ]);
});

const gone = (file: string) => () => fs.rmSync(path.join(root, file));
const put = (file: string, text: string) => () => plant(root, { [file]: text });

test.each<[string, '1.6' | '1.7' | '2.x', () => void, string, number]>([
  [
    "version 2's key under version 3",
    '2.x',
    put(CONFIG, CONFIGS['1.7'].replace('= 2', '= 3')),
    'config/unreadable ignoredKey',
    0,
  ],
  [
    "version 3's key under version 2",
    '1.7',
    put(CONFIG, CONFIGS['2.x'].replace('= 3', '= 2')),
    'config/unreadable ignoredKey',
    0,
  ],
  [
    'a file of version 3 for a containerd that ends over it',
    '1.7',
    put(CONFIG, CONFIGS['2.x']),
    'config/unreadable broken',
    1,
  ],
  [
    'a configuration that is cut',
    '2.x',
    put(CONFIG, 'version = 3\n[plugins."io'),
    'config/unreadable broken',
    1,
  ],
  [
    'a sandbox image that is none',
    '1.7',
    put(CONFIG, CONFIGS['1.7'].replace('registry', 'Registry:/')),
    'config/malformed-image-name malformed',
    1,
  ],
  ['a plugin that is missing', '2.x', gone(`${PLUGINS}/bridge`), 'cni/plugin-missing missing', 1],
  ['an IPAM plugin that is missing', '1.6', gone(`${PLUGINS}/host-local`), 'cni/plugin-missing missing', 1],
  ['the loopback that is missing', '1.7', gone(`${PLUGINS}/loopback`), 'cni/plugin-missing missing', 1],
  ['a plugin of another machine', '2.x', () => otherMachine(), 'cni/plugin-missing otherMachine', 1],
  ['a plugin that is not executable', '1.7', () => notExecutable(), 'cni/plugin-missing notExecutable', 1],
  [
    'a network configuration that is cut',
    '2.x',
    put(CONFLIST, '{"cniVersion":'),
    'cni/configuration-broken first',
    1,
  ],
  [
    'a flag that kubelet 1.27 took away',
    '2.x',
    put(UNIT, 'Environment="A=--container-runtime=remote"\n'),
    'kubelet/removed-flag removed',
    1,
  ],
  ['a flag that kubelet 1.35 took away', '2.x', () => pauseFlag(), 'kubelet/removed-pause-flag removed', 1],
])('%s is found', async (_, line, harm, found, code) => {
  await nodeImage(root, line);
  harm();
  const ran = await reportOf(['--root', root]);
  const seen = ran.report.checks.flatMap(({ id, findings }) => findings.map((f) => `${id} ${f.messageId}`));
  expect(seen).toEqual([found]);
  expect(ran.code).toBe(code);
  // What would be typed on a node would act on the machine that looks.
  const remedies = ran.report.checks.flatMap(({ findings }) => findings.flatMap((f) => f.remedies));
  expect(remedies.flatMap(({ commands }) => commands)).toEqual([]);
});

const KUBELET_YAML = 'var/lib/kubelet/config.yaml';
const SYSTEMD = `${CONFIGS['1.7']}[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true
`;

test.each<[string, '1.7' | '2.x', Record<string, string>, string[], number]>([
  [
    'kubelet for systemd, the runtime for its default',
    '1.7',
    { [KUBELET_YAML]: 'cgroupDriver: systemd\n' },
    ['noLimits /var/lib/kubelet/config.yaml:1 built-in default'],
    0,
  ],
  [
    'the runtime for systemd, kubelet by a flag for cgroupfs',
    '1.7',
    { [CONFIG]: SYSTEMD, [UNIT]: 'Environment="A=--cgroup-driver=cgroupfs --config=$X"\n' },
    [`noPods --cgroup-driver ${CONFIG}:5`],
    1,
  ],
  [
    'the same, by a file that a unit names',
    '1.7',
    {
      [CONFIG]: SYSTEMD,
      [UNIT]: 'ExecStart=/usr/bin/kubelet --config /etc/kubelet.yaml\n',
      'etc/kubelet.yaml': 'cgroupDriver: cgroupfs\n',
    },
    [`noPods /etc/kubelet.yaml:1 ${CONFIG}:5`],
    1,
  ],
  ['both for systemd', '1.7', { [CONFIG]: SYSTEMD, [KUBELET_YAML]: 'cgroupDriver: systemd\n' }, [], 0],
  ['a kubelet that asks the runtime', '2.x', { [KUBELET_YAML]: 'cgroupDriver: systemd\n' }, [], 0],
])('cgroups: %s', async (_, line, files, expected, code) => {
  await nodeImage(root, line);
  plant(root, files);
  const ran = await reportOf(['--root', root]);
  const seen = ran.report.checks.flatMap(({ findings }) =>
    findings.map(({ messageId, evidence }) => [messageId, ...evidence.map(({ at }) => at)].join(' ')),
  );
  expect(seen).toEqual(expected);
  expect(ran.code).toBe(code);
});

test('an image with CRI-O, which needs no loopback', async () => {
  await nodeImage(root, '1.7');
  for (const file of ['usr/bin/containerd', CONFIG, `${PLUGINS}/loopback`]) gone(file)();
  plantProgram(path.join(root, 'usr/bin/crio'), {
    info: ['path\tgithub.com/cri-o/cri-o/cmd/crio', 'mod\tgithub.com/cri-o/cri-o\tv1.34.1\t'],
  });
  const { code, report } = await reportOf(['--root', root, '--require', 'runtime-config,cni']);
  expect(report.runtime).toBe('node image, crio 1.34.1, kubelet 1.34.2');
  expect(report.checks.flatMap(({ findings }) => findings)).toEqual([]);
  expect(code).toBe(0);
  plant(root, { 'etc/crio/crio.conf.d/10.conf': '[crio.image]\npause_image = 7\n' });
  const broken = await reportOf(['--root', root]);
  expect(broken.code).toBe(1);
  expect(broken.report.checks.find(({ id }) => id === 'config/unreadable')?.verdict).toBe('found');
});

function otherMachine(): void {
  gone(`${PLUGINS}/portmap`)();
  plantProgram(path.join(root, PLUGINS, 'portmap'), { info: [], arch: 'arm64' });
}

function notExecutable(): void {
  gone(`${PLUGINS}/portmap`)();
  put(`${PLUGINS}/portmap`, '')();
}

function pauseFlag(): void {
  kubelet(root, 'v1.35.1');
  put(UNIT, 'Environment="A=--pod-infra-container-image=registry.k8s.io/pause:3.10"\n')();
}

test('an image without any configuration is judged by what its programs do by themselves', async () => {
  await nodeImage(root, '1.7');
  for (const file of [CONFIG, CONFLIST]) gone(file)();
  const { code, report } = await reportOf(['--root', root, '--require', 'runtime-config']);
  expect(report.checks.flatMap(({ findings }) => findings)).toEqual([]);
  expect(code).toBe(0);
  const required = await runPodctl(['doctor', '--root', root, '--require', 'cni']);
  expect(required.code).toBe(3);
  expect(required.stderr).toContain(
    '--require: cniConf is absent: the node image holds no network configuration',
  );
});

test('an image without a runtime is green, unless one is required', async () => {
  plant(root, { 'etc/os-release': 'ID=debian\n' });
  const { code, stdout } = await runPodctl(['doctor', '--root', root]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^unnamed node {3}node image {3}\d+ ms\n/);
  const required = await runPodctl(['doctor', '--root', root, '--require', 'runtime-config']);
  expect(required).toMatchObject({
    code: 3,
    stderr: '--require: runtimeConfig is absent: the node image has neither containerd nor CRI-O\n',
  });
});

test('a folder that is no root folder is a mistake', async () => {
  const ran = await runPodctl(['doctor', '--root', root]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(`error: --root: ${root} is no root folder of a node`);
});

test('what was seen of an image can be judged elsewhere', async () => {
  await nodeImage(root, '2.x');
  gone(`${PLUGINS}/bridge`)();
  const snapshot = path.join(root, 'seen.json');
  const here = await reportOf(['--root', root, '--save-snapshot', snapshot]);
  const there = await reportOf(['--from-snapshot', snapshot]);
  const said = ({ checks }: typeof here.report) => checks.map(({ ms: _, ...check }) => check);
  expect(said(there.report)).toEqual(said(here.report));
  expect(there.report.runtime).toBe(here.report.runtime);
});
