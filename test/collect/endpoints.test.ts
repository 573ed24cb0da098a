import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { LookOptions } from '../../src/collect/collector.ts';
import { endpointsCollector } from '../../src/collect/endpoints.ts';
import type { Daemon } from '../../src/model/facts.ts';
import { daemon, lookAt, running } from '../support/look-at.ts';
import { listenAt, plant, temporaryFolder } from '../support/node-tree.ts';

const CONTAINERD = '/run/containerd/containerd.sock';
const CRIO = '/run/crio/crio.sock';

async function endpoints(root: string, look: Partial<LookOptions> = {}, ...daemons: Daemon[]) {
  const facts = await lookAt(root, [running(...daemons), endpointsCollector], ['endpoints'], look);
  if (facts.endpoints?.status !== 'complete') throw new Error(JSON.stringify(facts.endpoints));
  return { ...facts.endpoints.value, problems: facts.endpoints.problems ?? [] };
}

test('an empty node: nothing chosen, no traces, the well-known places in order', async () => {
  const seen = await endpoints(temporaryFolder());
  expect(seen.chosen).toBeNull();
  expect(seen.traces).toEqual([]);
  expect(seen.candidates.map((c) => c.path)).toEqual([
    CONTAINERD,
    CRIO,
    '/var/run/cri-dockerd.sock',
    '/run/k3s/containerd/containerd.sock',
    '/var/snap/microk8s/common/run/containerd.sock',
    '/run/k0s/containerd.sock',
  ]);
  expect(new Set(seen.candidates.map((c) => `${c.source} ${c.state}`))).toEqual(
    new Set(['well-known missing']),
  );
});

test.each(['/run/x/x.sock', 'unix:///run/x/x.sock', 'unix:/run/x/x.sock'])(
  'the flag %s decides, whatever else there is',
  async (endpoint) => {
    const root = temporaryFolder();
    await listenAt(path.join(root, CONTAINERD));
    plant(root, { '/etc/crictl.yaml': 'runtime-endpoint: unix:///run/y.sock\n' });
    const env = { CONTAINER_RUNTIME_ENDPOINT: 'unix:///run/z.sock' };
    const { chosen } = await endpoints(root, { endpoint, env });
    expect(chosen).toEqual({ path: '/run/x/x.sock', source: 'flag', state: 'missing' });
  },
);

test('the environment goes before crictl.yaml, crictl.yaml before sockets that are there', async () => {
  const root = temporaryFolder();
  await listenAt(path.join(root, CONTAINERD));
  plant(root, { '/etc/crictl.yaml': 'runtime-endpoint: unix:///run/y.sock\ntimeout: 2\n' });
  const env = { CONTAINER_RUNTIME_ENDPOINT: 'unix:///run/z.sock' };
  expect((await endpoints(root, { env })).chosen).toMatchObject({
    path: '/run/z.sock',
    source: 'environment',
  });
  expect((await endpoints(root)).chosen).toMatchObject({ path: '/run/y.sock', source: 'crictl.yaml' });
  plant(root, { '/opt/crictl.yaml': 'runtime-endpoint: ""\n' });
  expect((await endpoints(root, { env: { CRI_CONFIG_FILE: '/opt/crictl.yaml' } })).chosen).toEqual({
    path: CONTAINERD,
    source: 'well-known',
    state: 'socket',
  });
});

test('a crictl.yaml that cannot be parsed is a problem and decides nothing', async () => {
  const root = temporaryFolder();
  plant(root, { '/etc/crictl.yaml': 'runtime-endpoint: [unix://\n' });
  const { chosen, problems } = await endpoints(root);
  expect(chosen).toBeNull();
  expect(problems).toMatchObject([{ code: 'malformed', subject: '/etc/crictl.yaml' }]);
});

test('tcp, a plain file and a relative path are no sockets', async () => {
  const root = temporaryFolder();
  plant(root, { '/run/file': '' });
  for (const endpoint of ['tcp://localhost:1', '/run/file', 'containerd.sock'])
    expect((await endpoints(root, { endpoint })).chosen).toEqual({
      path: endpoint,
      source: 'flag',
      state: 'not-a-socket',
    });
});

test('a link to a socket counts as a socket; links in a circle do not', async () => {
  const root = temporaryFolder();
  await listenAt(path.join(root, '/run/real.sock'));
  fs.symlinkSync('real.sock', path.join(root, '/run/link.sock'));
  fs.symlinkSync('circle', path.join(root, '/run/circle'));
  expect((await endpoints(root, { endpoint: '/run/link.sock' })).chosen?.state).toBe('socket');
  expect((await endpoints(root, { endpoint: '/run/circle' })).chosen?.state).toBe('not-a-socket');
});

test('a socket with a running daemon goes before one that nobody serves', async () => {
  const root = temporaryFolder();
  await listenAt(path.join(root, CONTAINERD));
  await listenAt(path.join(root, CRIO));
  expect((await endpoints(root, {}, daemon('crio'))).chosen?.path).toBe(CRIO);
  expect((await endpoints(root)).chosen?.path).toBe(CONTAINERD);
});

test('a daemon that serves elsewhere is found by its flag, once', async () => {
  const root = temporaryFolder();
  await listenAt(path.join(root, '/run/private/c.sock'));
  const daemons = [
    daemon('containerd', { address: '/run/private/c.sock' }),
    daemon('containerd', { address: 'unix:///run/private/c.sock' }),
    daemon('crio', { listen: '/var/run/crio/crio.sock' }),
    daemon('kubelet', { 'container-runtime-endpoint': 'unix:///run/other.sock' }),
  ];
  const { chosen, candidates } = await endpoints(root, {}, ...daemons);
  expect(chosen).toEqual({ path: '/run/private/c.sock', source: 'daemon', state: 'socket' });
  expect(candidates.filter((c) => c.source === 'daemon')).toHaveLength(1);
  expect(candidates).toHaveLength(7);
});

test('traces: configuration, programs, units, sockets, daemons; a shim binary alone is none', async () => {
  const root = temporaryFolder();
  plant(root, { '/usr/bin/containerd-shim-runc-v2': '' });
  expect((await endpoints(root)).traces).toEqual([]);
  plant(root, {
    '/etc/containerd/config.toml': '',
    '/etc/crio/crio.conf': '',
    '/usr/local/bin/crio': '',
    '/usr/lib/systemd/system/containerd.service': '',
  });
  await listenAt(path.join(root, CONTAINERD));
  const { traces } = await endpoints(root, {}, daemon('containerd'), daemon('kubelet'));
  expect(traces.map((t) => `${t.path}: ${t.what}`)).toEqual([
    '/proc/100: containerd runs',
    `${CONTAINERD}: socket`,
    '/etc/containerd/config.toml: configuration of containerd',
    '/etc/crio: configuration of CRI-O',
    '/usr/local/bin/crio: program crio',
    '/usr/lib/systemd/system/containerd.service: unit containerd.service',
  ]);
});

test('a containerd that names its socket in its file only', async () => {
  const root = temporaryFolder();
  await listenAt(path.join(root, '/run/lab/c.sock'));
  plant(root, { '/etc/lab.toml': 'version = 2\n[grpc]\naddress = "/run/lab/c.sock"\n' });
  const seen = await endpoints(root, {}, daemon('containerd', { config: '/etc/lab.toml' }));
  expect(seen.chosen).toEqual({ path: '/run/lab/c.sock', source: 'daemon', state: 'socket' });
});

test("Docker's own containerd is no runtime of Kubernetes", async () => {
  const root = temporaryFolder();
  const config = '/var/run/docker/containerd/containerd.toml';
  await listenAt(path.join(root, '/var/run/docker/containerd/containerd.sock'));
  plant(root, { [config]: 'version = 2\n[grpc]\naddress = "/var/run/docker/containerd/containerd.sock"\n' });
  const seen = await endpoints(root, {}, daemon('containerd', { config }));
  expect({ chosen: seen.chosen, traces: seen.traces }).toEqual({ chosen: null, traces: [] });
});
