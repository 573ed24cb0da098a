import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { hostCollector } from '../../src/collect/host.ts';
import { kubeletConfigCollector } from '../../src/collect/kubelet-config.ts';
import { lineOfKey } from '../../src/collect/kubelet-files.ts';
import { pauseFlagsIn } from '../../src/collect/pause-flags.ts';
import type { Daemon, KubeletConfigFact } from '../../src/model/facts.ts';
import type { Problem } from '../../src/model/outcome.ts';
import { daemon, lookAt, running } from '../support/look-at.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const CONFIG = '/var/lib/kubelet/config.yaml';

async function look(
  files: Record<string, string>,
  flags: Daemon['flags'] | null = {},
  prepare: (root: string) => void = () => {},
): Promise<{ value: KubeletConfigFact; problems: Problem[] }> {
  const root = temporaryFolder();
  plant(root, { '/etc/resolv.conf': 'nameserver 192.0.2.1\n', ...files });
  prepare(root);
  const daemons = running(...(flags === null ? [] : [daemon('kubelet', flags)]));
  const collectors = [hostCollector, daemons, kubeletConfigCollector];
  const { kubeletConfig } = await lookAt(root, collectors, ['kubeletConfig']);
  if (kubeletConfig?.status !== 'complete') throw new Error(JSON.stringify(kubeletConfig));
  return { value: kubeletConfig.value, problems: kubeletConfig.problems ?? [] };
}

test('no kubelet and no file of one: absent', async () => {
  const collectors = [hostCollector, running(daemon('containerd')), kubeletConfigCollector];
  const { kubeletConfig } = await lookAt(temporaryFolder(), collectors, ['kubeletConfig']);
  expect(kubeletConfig).toMatchObject({ status: 'absent', reason: 'no kubelet is on this node' });
});

test('a kubelet that says nothing: defaults', async () => {
  const { value, problems } = await look({});
  expect(problems).toEqual([]);
  expect(value).toEqual({
    files: [],
    endpoint: null,
    cgroupDriver: null,
    imageGcHighPercent: null,
    resolver: {
      value: '/etc/resolv.conf',
      at: 'built-in default',
      origin: 'default',
      state: 'there',
      leadsTo: '/etc/resolv.conf',
    },
    pauseFlags: [],
    oldFlags: [],
    isKubeadms: false,
    installedVersion: null,
  });
});

describe('settings', () => {
  const text = 'kind: KubeletConfiguration\ncgroupDriver: systemd\nimageGCHighThresholdPercent: 100\n';

  it('are read from the file, with their lines', async () => {
    const { value } = await look({ [CONFIG]: text });
    expect(value.files).toMatchObject([{ path: CONFIG, error: null }]);
    expect(value.cgroupDriver).toEqual({ value: 'systemd', at: `${CONFIG}:2` });
    expect(value.imageGcHighPercent).toEqual({ value: '100', at: `${CONFIG}:3` });
  });

  it('of drop-ins win, in the order of their names, and flags win over all', async () => {
    const files = {
      [CONFIG]: text,
      '/etc/kubelet.d/20-b.conf': 'cgroupDriver: cgroupfs\n',
      '/etc/kubelet.d/10-a.conf': 'cgroupDriver: systemd\nresolvConf: /run/r\n',
      '/etc/kubelet.d/30-c.yaml': 'cgroupDriver: other\n',
    };
    const flags = { 'config-dir': '/etc/kubelet.d' };
    const { value } = await look(files, flags);
    expect(value.files.map((f) => path.basename(f.path))).toEqual(['config.yaml', '10-a.conf', '20-b.conf']);
    expect(value.cgroupDriver).toEqual({ value: 'cgroupfs', at: '/etc/kubelet.d/20-b.conf:1' });
    expect(value.resolver).toMatchObject({ at: '/etc/kubelet.d/10-a.conf:2', origin: 'file' });
    const flagged = await look(files, { ...flags, 'cgroup-driver': 'systemd' });
    expect(flagged.value.cgroupDriver).toEqual({ value: 'systemd', at: '--cgroup-driver' });
  });

  it('name the socket of the runtime, as a path, where it is one of this machine', async () => {
    const said = await look({ [CONFIG]: 'containerRuntimeEndpoint: "unix:///run/crio/crio.sock"\n' });
    expect(said.value.endpoint).toEqual({ value: '/run/crio/crio.sock', at: `${CONFIG}:1` });
    const flagged = await look({ [CONFIG]: '' }, { 'container-runtime-endpoint': '/run/a.sock' });
    expect(flagged.value.endpoint).toEqual({ value: '/run/a.sock', at: '--container-runtime-endpoint' });
    const far = await look({ [CONFIG]: '' }, { 'container-runtime-endpoint': 'tcp://10.0.0.1:3' });
    expect(far.value.endpoint).toBeNull();
  });

  it('may be written as JSON', async () => {
    const { value } = await look({ [CONFIG]: '{"cgroupDriver": "systemd",\n"resolvConf": ""}' });
    expect(value.cgroupDriver).toEqual({ value: 'systemd', at: CONFIG });
    expect(value.resolver).toBeNull();
  });

  it.each([
    ['empty', ''],
    ['a word', 'x'],
    ['a list', '- 1\n- 2\n'],
    ['wrong kinds', 'cgroupDriver: {a: 1}\nresolvConf: [1]\nimageGCHighThresholdPercent: true\n'],
  ])('%s says nothing', async (_, content) => {
    const { value, problems } = await look({ [CONFIG]: content });
    expect(problems).toEqual([]);
    expect(value).toMatchObject({ cgroupDriver: null, imageGcHighPercent: null });
  });

  it('of a broken file are none, and a problem names it without quoting it', async () => {
    const { value, problems } = await look({ [CONFIG]: 'cgroupDriver: [secret' });
    expect(value).toMatchObject({ files: [{ error: 'it is not valid YAML' }], cgroupDriver: null });
    expect(problems).toEqual([
      { code: 'malformed', message: `${CONFIG} is not valid YAML`, subject: CONFIG },
    ]);
  });
});

describe('resolv.conf', () => {
  const stub = '/run/systemd/resolve/resolv.conf';
  const named = { [CONFIG]: `resolvConf: ${stub}\n` };

  it('that is not there is missing', async () => {
    const { value } = await look(named);
    expect(value.resolver).toEqual({
      value: stub,
      at: `${CONFIG}:1`,
      origin: 'file',
      state: 'missing',
      leadsTo: stub,
    });
  });

  it('is found through its links, which stay below the root of the node', async () => {
    const link = (root: string) => {
      fs.rmSync(`${root}/etc/resolv.conf`);
      fs.symlinkSync('/run/systemd/resolve/resolv.conf', `${root}/etc/resolv.conf`);
    };
    const there = await look({ [stub]: '' }, {}, link);
    expect(there.value.resolver).toMatchObject({ state: 'there', leadsTo: stub });
    const gone = await look({}, {}, link);
    expect(gone.value.resolver).toMatchObject({ value: '/etc/resolv.conf', state: 'missing', leadsTo: stub });
  });

  it('may be named by a flag', async () => {
    const { value } = await look(named, { 'resolv-conf': '/etc/other' });
    expect(value.resolver).toMatchObject({ value: '/etc/other', at: '--resolv-conf', origin: 'flag' });
  });

  it('whose links lead in circles is not judged', async () => {
    const { value, problems } = await look({}, { 'resolv-conf': '/etc/a' }, (root) => {
      fs.symlinkSync('b', `${root}/etc/a`);
      fs.symlinkSync('a', `${root}/etc/b`);
    });
    expect(value.resolver?.state).toBe('unseen');
    expect(problems).toHaveLength(1);
  });
});

describe('--pod-infra-container-image', () => {
  it('is found in every file that carries flags of kubelet', async () => {
    const flag = (tag: string) => `--v=2 --pod-infra-container-image=registry.k8s.io/pause:${tag} --x\n`;
    const { value } = await look(
      {
        '/var/lib/kubelet/kubeadm-flags.env': `KUBELET_KUBEADM_ARGS="${flag('3.6').trim()}"\n`,
        '/etc/default/kubelet': `# ${flag('1')}\nKUBELET_EXTRA_ARGS=${flag('3.5')}`,
        '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf': `[Service]\n${flag('3.4')}`,
        '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf': flag('hidden'),
        '/usr/lib/systemd/system/kubelet.service': `ExecStart=/usr/bin/kubelet ${flag('3.3')}`,
      },
      null,
    );
    expect(value.pauseFlags.map(({ mtime: _, ...flag }) => flag)).toEqual([
      { file: '/var/lib/kubelet/kubeadm-flags.env', line: 1, value: 'registry.k8s.io/pause:3.6' },
      { file: '/etc/default/kubelet', line: 3, value: 'registry.k8s.io/pause:3.5' },
      {
        file: '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
        line: 2,
        value: 'registry.k8s.io/pause:3.4',
      },
      { file: '/usr/lib/systemd/system/kubelet.service', line: 1, value: 'registry.k8s.io/pause:3.3' },
    ]);
    expect(value.isKubeadms).toBe(true);
  });

  it.each([
    ['', []],
    ['\0\xff binary', []],
    ['pod-infra-container-image=x', []],
    ['A="--pod-infra-container-image x:1"', ['x:1']],
    ["--pod-infra-container-image='x:1'\n", ['x:1']],
    ['--pod-infra-container-image="\'x:1\'"', ["'x:1'"]],
    ['--pod-infra-container-image=x:1\r\n', ['x:1']],
    ['--pod-infra-container-image', []],
    ['--pod-infra-container-image=', ['']],
    ['-pod-infra-container-image=a --pod-infra-container-image=b', ['a', 'b']],
    ['; --pod-infra-container-image=a', []],
  ])('%j', (text, values) => {
    expect(pauseFlagsIn(text).map(({ value }) => value)).toEqual(values);
  });
});

test.each([
  ['a: 1\nresolvConf: x', 2],
  ['"resolvConf" : x', 1],
  ['  resolvConf: x', null],
  ['', null],
])('line of a key in %j', (text, line) => {
  expect(lineOfKey(text, 'resolvConf')).toBe(line);
});
