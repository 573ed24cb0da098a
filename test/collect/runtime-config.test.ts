import { expect, test } from 'vitest';
import type { Collector } from '../../src/collect/collector.ts';
import { runtimeConfigCollector } from '../../src/collect/runtime-config.ts';
import type { Daemon, EndpointsFact, RuntimeFact } from '../../src/model/facts.ts';
import { complete, failed } from '../../src/model/outcome.ts';
import { daemon, lookAt, running } from '../support/look-at.ts';
import { emptyNode } from '../support/node.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const MAIN = '/etc/containerd/config.toml';
const SOCKET = '/run/containerd/containerd.sock';
const V2 = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n';
const image = (name: string) => `${V2}sandbox_image = "${name}"\n`;

interface Node {
  files?: Record<string, string>;
  daemons?: Daemon[];
  endpoint?: string;
  answers?: { name: string; version: string };
}

/** The fact, on a node where the other facts are as given. */
async function configOf({ files = {}, daemons = [], endpoint, answers }: Node) {
  const root = temporaryFolder();
  plant(root, { '/etc/hostname': 'worker-1\n', ...files });
  const given = emptyNode();
  const chosen = endpoint ? ({ path: endpoint, source: 'well-known', state: 'socket' } as const) : null;
  const endpoints: EndpointsFact = { chosen, candidates: [], traces: [] };
  const runtime: RuntimeFact = { ...given.runtime, endpoint: endpoint ?? SOCKET, ...answers };
  const base = { summary: 'given', timeoutMs: 1000 };
  const others: Collector[] = [
    { ...base, fact: 'host', collect: () => complete(given.host) },
    running(...daemons),
    { ...base, fact: 'endpoints', collect: () => complete(endpoints) },
    {
      ...base,
      fact: 'runtime',
      collect: () => (answers ? complete(runtime) : failed('unavailable', 'nobody answers')),
    },
  ];
  const { runtimeConfig } = await lookAt(root, [...others, runtimeConfigCollector], ['runtimeConfig']);
  return runtimeConfig;
}

test('a node with nothing of the kind has no configuration', async () => {
  expect(await configOf({})).toMatchObject({ status: 'absent', reason: expect.stringContaining('neither') });
});

test('files alone are a configuration, as of a daemon that is down', async () => {
  expect(await configOf({ files: { [MAIN]: image('a:1') } })).toMatchObject({
    status: 'complete',
    value: {
      runtime: 'containerd',
      sandboxImage: { value: 'a:1', file: MAIN, line: 3 },
      daemonStartedAt: null,
      rootDir: '/var/lib/containerd',
      address: SOCKET,
    },
  });
});

test('of a version that is not known the default is not known, and that is said', async () => {
  expect(await configOf({ files: { [MAIN]: 'version = 2\n' } })).toMatchObject({
    status: 'complete',
    value: { sandboxImage: null },
    problems: [
      { code: 'unavailable', message: expect.stringContaining('version of containerd is not known') },
    ],
  });
});

test('a containerd without any file runs with its defaults', async () => {
  const seen = await configOf({
    daemons: [daemon('containerd')],
    endpoint: SOCKET,
    answers: { name: 'containerd', version: 'v1.7.24' },
  });
  expect(seen).toMatchObject({
    status: 'complete',
    value: {
      files: [],
      sandboxImage: { value: 'registry.k8s.io/pause:3.8', origin: 'default' },
      daemonStartedAt: emptyNode().host.bootTime + 10,
    },
  });
});

test('flags of the daemon beat its file', async () => {
  const flags = { config: '/opt/c.toml', root: '/opt/root', state: '/opt/state', address: '/opt/c.sock' };
  const seen = await configOf({
    files: {
      [MAIN]: image('never:1'),
      '/opt/c.toml': `root = "/file/root"\nstate = "/file/state"\n${image('a:1')}`,
    },
    daemons: [daemon('containerd', flags)],
    endpoint: '/opt/c.sock',
    answers: { name: 'containerd', version: '1.6.20' },
  });
  expect(seen).toMatchObject({
    value: {
      files: [{ path: '/opt/c.toml' }],
      sandboxImage: { value: 'a:1', line: 5 },
      rootDir: '/opt/root',
      stateDir: '/opt/state',
      address: '/opt/c.sock',
    },
  });
});

test('a file that a flag names must be there', async () => {
  const seen = await configOf({ daemons: [daemon('containerd', { config: '/opt/c.toml' })] });
  expect(seen).toMatchObject({
    status: 'complete',
    value: { files: [{ path: '/opt/c.toml', error: { message: 'cannot read /opt/c.toml: no such file' } }] },
  });
});

test.each([
  ['/run/k3s/containerd/containerd.sock', '/var/lib/rancher/rke2/agent/etc/containerd/config.toml'],
  ['/run/k3s/containerd/containerd.sock', '/var/lib/rancher/k3s/agent/etc/containerd/config.toml'],
  ['/var/snap/microk8s/common/run/containerd.sock', '/var/snap/microk8s/current/args/containerd.toml'],
  ['/run/k0s/containerd.sock', '/etc/k0s/containerd.toml'],
  ['/var/run/containerd/containerd.sock', MAIN],
])('the file that fits %s: %s', async (endpoint, file) => {
  expect(await configOf({ files: { [file]: image('a:1') }, endpoint })).toMatchObject({
    value: { sandboxImage: { value: 'a:1', file } },
  });
});

test.each([
  ['by its flag', { config: '/2.toml', address: '/var/run/2.sock' }, ''],
  ['by its file', { config: '/2.toml' }, 'grpc = { address = "/run/2.sock" }\n'],
])('of two daemons the one that serves the endpoint, %s', async (_, flags, grpc) => {
  const seen = await configOf({
    files: { [MAIN]: image('a:1'), '/2.toml': grpc + image('b:1') },
    daemons: [daemon('containerd'), daemon('containerd', flags)],
    endpoint: '/run/2.sock',
    answers: { name: 'containerd', version: '1.7.24' },
  });
  expect(seen).toMatchObject({ value: { sandboxImage: { value: 'b:1', file: '/2.toml' } } });
});

test('CRI-O by its answer, with its flags; an empty folder flag means none', async () => {
  const files = {
    [MAIN]: image('never:1'),
    '/etc/crio/crio.conf': '[crio.image]\npause_image = "a:1"\n',
    '/etc/crio/crio.conf.d/1': '[crio.image]\npause_image = "b:1"\n',
  };
  const answers = { name: 'cri-o', version: '1.37.0' };
  expect(await configOf({ files, answers })).toMatchObject({
    value: { runtime: 'crio', sandboxImage: { value: 'b:1' }, dropsInfra: true },
  });
  const daemons = [daemon('crio', { config: '/etc/crio/crio.conf', 'config-dir': '' })];
  expect(await configOf({ files, answers, daemons })).toMatchObject({
    value: { files: [{ path: '/etc/crio/crio.conf', version: 0 }], sandboxImage: { value: 'a:1' } },
  });
});

test('what runs decides between the files of two runtimes', async () => {
  const files = { [MAIN]: image('a:1'), '/etc/crio/crio.conf': '[crio.image]\npause_image = "b:1"\n' };
  expect(await configOf({ files, daemons: [daemon('crio')] })).toMatchObject({ value: { runtime: 'crio' } });
  expect(await configOf({ files, endpoint: '/var/run/crio/crio.sock' })).toMatchObject({
    value: { runtime: 'crio' },
  });
  expect(await configOf({ files, daemons: [{ ...daemon('crio'), state: 'Z' }] })).toMatchObject({
    value: { runtime: 'containerd' },
  });
});

test('cri-dockerd has no such file', async () => {
  const files = { [MAIN]: image('a:1') };
  expect(await configOf({ files, answers: { name: 'docker', version: '28.0.0' } })).toMatchObject({
    status: 'absent',
    reason: expect.stringContaining('docker has no configuration file'),
  });
  expect(await configOf({ files, endpoint: '/var/run/cri-dockerd.sock' })).toMatchObject({
    status: 'absent',
  });
});
