import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bundlesCollector } from '../../src/collect/bundles.ts';
import type { Collector } from '../../src/collect/collector.ts';
import { processesCollector } from '../../src/collect/processes.ts';
import type { Daemon } from '../../src/model/facts.ts';
import { complete } from '../../src/model/outcome.ts';
import { daemon, lookAt, running } from '../support/look-at.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { plantProcesses } from '../support/proc-tree.ts';

const SANDBOX = 'a'.repeat(64);
const APP = 'b'.repeat(64);
const TASKS = '/run/containerd/io.containerd.runtime.v2.task';
const K8S = `${TASKS}/k8s.io`;
const META = { name: 'web', namespace: 'default', uid: 'u' };
const NETNS = '/var/run/netns/cni-x';

const CONFIG = JSON.stringify({
  annotations: {
    'io.kubernetes.cri.container-type': 'sandbox',
    'io.kubernetes.cri.sandbox-id': SANDBOX,
    'io.kubernetes.cri.sandbox-name': 'web',
    'io.kubernetes.cri.sandbox-namespace': 'default',
    'io.kubernetes.cri.sandbox-uid': 'u',
  },
  linux: { namespaces: [{ type: 'network', path: NETNS }] },
});

const BARE = {
  role: null,
  sandboxId: null,
  meta: null,
  containerName: null,
  initPid: null,
  namespaces: null,
};

function plantShim(root: string, id = SANDBOX): void {
  const args = [
    '/usr/bin/containerd-shim-runc-v2',
    '-namespace',
    'k8s.io',
    '-id',
    id,
    '-address',
    '/run/c.sock',
  ];
  plantProcesses(root, { pid: 20, comm: 'containerd-shim', args });
}

async function look(root: string, daemons: Daemon[], ...others: Collector[]) {
  const collectors = [running(...daemons), processesCollector, bundlesCollector, ...others];
  const { bundles } = await lookAt(root, collectors, ['bundles', ...others.map((c) => c.fact)]);
  if (bundles === undefined) throw new Error('not collected');
  return bundles;
}

async function listed(root: string, daemons: Daemon[], ...others: Collector[]) {
  const outcome = await look(root, daemons, ...others);
  if (outcome.status !== 'complete') throw new Error(JSON.stringify(outcome));
  return outcome;
}

test('containerd: a container that the runtime lists needs no file of its own', async () => {
  const root = temporaryFolder();
  plantShim(root);
  plant(root, { [`${K8S}/${SANDBOX}/config.json`]: CONFIG, [`${K8S}/${APP}/sandbox`]: 'not read' });
  const app = { id: APP, sandboxId: SANDBOX, name: 'app', attempt: 0, createdAt: 0, image: '', imageRef: '' };
  const containers: Collector<'containers'> = {
    fact: 'containers',
    summary: 'given',
    timeoutMs: 1000,
    collect: () => complete([{ ...app, state: 'running' }]),
  };
  const { value } = await listed(root, [daemon('containerd')], containers);
  expect(value.find((b) => b.id === APP)).toMatchObject({ role: 'container', sandboxId: SANDBOX });
});

test('containerd: sandboxes in full, containers by the file of 2.x, other namespaces by name', async () => {
  const root = temporaryFolder();
  plantShim(root);
  plant(root, {
    [`${K8S}/${SANDBOX}/config.json`]: CONFIG,
    [`${K8S}/${SANDBOX}/init.pid`]: '30871',
    [`${K8S}/${APP}/config.json`]: 'not read',
    [`${K8S}/${APP}/init.pid`]: '30912',
    [`${K8S}/${APP}/sandbox`]: SANDBOX,
    [`${TASKS}/moby/${APP}/config.json`]: 'not read',
  });
  const { value, problems } = await listed(root, [daemon('containerd')]);
  expect(problems).toBeUndefined();
  expect(value).toEqual([
    {
      id: SANDBOX,
      namespace: 'k8s.io',
      dir: `${K8S}/${SANDBOX}`,
      role: 'sandbox',
      sandboxId: SANDBOX,
      meta: { ...META, attempt: 0 },
      containerName: null,
      initPid: 30871,
      namespaces: { net: NETNS },
    },
    { ...BARE, id: APP, namespace: 'k8s.io', dir: `${K8S}/${APP}`, role: 'container', sandboxId: SANDBOX },
    { ...BARE, id: APP, namespace: 'moby', dir: `${TASKS}/moby/${APP}` },
  ]);
});

test('a sandbox without a shim is known from the list, and has its attempt from there', async () => {
  const root = temporaryFolder();
  plantProcesses(root);
  plant(root, { [`${K8S}/${SANDBOX}/config.json`]: CONFIG });
  const sandboxes: Collector<'sandboxes'> = {
    fact: 'sandboxes',
    summary: 'given',
    timeoutMs: 1000,
    collect: () =>
      complete([{ ...META, attempt: 2, id: SANDBOX, state: 'ready', createdAt: 0, runtimeHandler: '' }]),
  };
  const { value } = await listed(root, [daemon('containerd')], sandboxes);
  expect(value[0]).toMatchObject({ role: 'sandbox', meta: { ...META, attempt: 2 }, initPid: null });
});

test('where containerd 1.x says nothing of its containers, nothing is said', async () => {
  const root = temporaryFolder();
  plantProcesses(root);
  plant(root, { [`${K8S}/${APP}/init.pid`]: '7' });
  const { value, problems } = await listed(root, [daemon('containerd')]);
  expect(value).toEqual([{ ...BARE, id: APP, namespace: 'k8s.io', dir: `${K8S}/${APP}` }]);
  expect(problems).toBeUndefined();
});

test('a sandbox whose config.json vanished stays; with a hostile one or a hostile pid it stays, with a problem', async () => {
  const root = temporaryFolder();
  const dir = `${K8S}/${SANDBOX}`;
  const [config, pid] = [`${dir}/config.json`, `${dir}/init.pid`];
  plantShim(root);
  const noPid = ['malformed', pid];
  plant(root, { [pid]: '-1' });
  const kept = { ...BARE, id: SANDBOX, namespace: 'k8s.io', dir, role: 'sandbox', sandboxId: SANDBOX };
  const seen = async () => {
    const { value, problems } = await listed(root, [daemon('containerd')]);
    expect(value).toEqual([kept]);
    return problems?.map((p) => [p.code, p.subject]);
  };
  expect(await seen()).toEqual([noPid]);
  plant(root, { [config]: ' '.repeat(5 * 1024 * 1024) });
  expect(await seen()).toEqual([['truncated', config], noPid]);
  plant(root, { [config]: '{"linux":{"namespaces":"all"}}' });
  expect(await seen()).toEqual([['malformed', config], noPid]);
  fs.rmSync(path.join(root, config));
  fs.symlinkSync('/etc/passwd', path.join(root, config));
  expect(await seen()).toEqual([['malformed', config], noPid]);
});

test('state folders: from flags; from the working folder of shims when containerd does not run', async () => {
  const root = temporaryFolder();
  const tasks = '/run/lab/io.containerd.runtime.v2.task/k8s.io';
  plantShim(root);
  plant(root, { [`${tasks}/${SANDBOX}/config.json`]: CONFIG });
  const dirs = async (...daemons: Daemon[]) => (await listed(root, daemons)).value.map((b) => b.dir);
  expect(await dirs(daemon('containerd', { state: '/run/lab/' }))).toEqual([`${tasks}/${SANDBOX}`]);
  fs.symlinkSync('/run', path.join(root, 'var'));
  const twice = [daemon('containerd', { state: '/run/lab' }), daemon('containerd', { state: '/var/lab' })];
  expect(await dirs(...twice)).toEqual([`${tasks}/${SANDBOX}`]);
  expect(await dirs(daemon('containerd'))).toEqual([]);
  expect((await look(root, [])).status).toBe('absent');
  fs.symlinkSync(`${tasks}/${SANDBOX}`, path.join(root, 'proc/20/cwd'));
  expect(await dirs()).toEqual([`${tasks}/${SANDBOX}`]);
});

const crioConfig = (annotations: Record<string, string>) =>
  JSON.stringify({ annotations, linux: { namespaces: [{ type: 'pid' }] } });

test('CRI-O: all in full, without the containers of podman', async () => {
  const root = temporaryFolder();
  plantProcesses(root);
  const folder = '/run/rr/overlay-containers';
  const annotations = {
    'io.container.manager': 'cri-o',
    'io.kubernetes.container.name': 'app',
    'io.kubernetes.cri-o.SandboxID': SANDBOX,
    'io.kubernetes.cri-o.SandboxName': 'k8s_web_default_u_1',
    'io.kubernetes.pod.name': 'web',
    'io.kubernetes.pod.namespace': 'default',
    'io.kubernetes.pod.uid': 'u',
  };
  const kind = 'io.kubernetes.cri-o.ContainerType';
  plant(root, {
    [`${folder}/${SANDBOX}/userdata/config.json`]: crioConfig({ ...annotations, [kind]: 'sandbox' }),
    [`${folder}/${SANDBOX}/userdata/pidfile`]: '14415\n',
    [`${folder}/${APP}/userdata/config.json`]: crioConfig({ ...annotations, [kind]: 'container' }),
    [`${folder}/${APP}/userdata/pidfile`]: '14458',
    [`${folder}/${'c'.repeat(64)}/userdata/shm/x`]: '',
    [`${folder}/${'d'.repeat(64)}/userdata/config.json`]: crioConfig({ 'io.container.manager': 'libpod' }),
  });
  const { value } = await listed(root, [daemon('crio', { runroot: '/run/rr' })]);
  const shared = {
    namespace: '',
    sandboxId: SANDBOX,
    meta: { ...META, attempt: 1 },
    namespaces: { pid: '' },
  };
  expect(value).toEqual([
    {
      ...shared,
      id: SANDBOX,
      dir: `${folder}/${SANDBOX}/userdata`,
      role: 'sandbox',
      containerName: null,
      initPid: 14415,
    },
    {
      ...shared,
      id: APP,
      dir: `${folder}/${APP}/userdata`,
      role: 'container',
      containerName: 'app',
      initPid: null,
    },
    { ...BARE, id: 'c'.repeat(64), namespace: '', dir: `${folder}/${'c'.repeat(64)}/userdata` },
  ]);
  expect((await listed(root, [daemon('crio')])).value).toEqual([]);
});

test('a folder that cannot be listed, or runtimes that are not known, make the list partial', async () => {
  const root = temporaryFolder();
  plantProcesses(root);
  plant(root, { '/run/containerd/x': '' });
  fs.symlinkSync(path.basename(TASKS), path.join(root, TASKS));
  const outcome = await look(root, [daemon('containerd')]);
  expect(outcome).toMatchObject({ status: 'partial', value: [], problems: [{ subject: TASKS }] });
  const collectors = [failing, processesCollector, bundlesCollector];
  const { bundles } = await lookAt(temporaryFolder(), collectors, ['bundles']);
  expect(bundles?.status).toBe('partial');
});

const failing: Collector<'daemons'> = {
  fact: 'daemons',
  summary: 'given',
  timeoutMs: 1000,
  collect: () => ({ status: 'failed', problem: { code: 'denied', message: 'no' } }),
};
