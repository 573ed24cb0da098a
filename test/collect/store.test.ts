import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { endpointsCollector } from '../../src/collect/endpoints.ts';
import { runtimeCollector } from '../../src/collect/runtime.ts';
import { storeCollector } from '../../src/collect/store.ts';
import { storeContainersCollector } from '../../src/collect/store-containers.ts';
import { tasksCollector } from '../../src/collect/tasks.ts';
import type { FactName } from '../../src/model/facts.ts';
import { type CriAnswers, serveCri } from '../support/fake-cri.ts';
import { lookAt, running } from '../support/look-at.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const SOCKET = '/run/s.sock';

const STORE = [storeCollector, storeContainersCollector, tasksCollector];

async function store(
  answers: CriAnswers,
  { runtimeName = 'containerd', names = ['store'] }: { runtimeName?: string; names?: FactName[] } = {},
) {
  const root = temporaryFolder();
  plant(root, { '/run/keep': '' });
  const server = await serveCri(path.join(root, SOCKET), {
    version: { runtimeName, runtimeVersion: '2.1.9' },
    status: {},
    ...answers,
  });
  onTestFinished(() => server.close());
  const collectors = [running(), endpointsCollector, runtimeCollector, ...STORE];
  const facts = await lookAt(root, collectors, names, { endpoint: SOCKET });
  return { outcome: facts.store, facts, server };
}

const any = (value: unknown) => ({
  typeUrl: 'github.com/containerd/cri/pkg/store/sandbox/Metadata',
  value: new TextEncoder().encode(JSON.stringify(value)),
});

const sandbox = {
  id: 'a1',
  labels: { 'io.cri-containerd.kind': 'sandbox' },
  image: 'registry.k8s.io/pause:3.10',
  createdAt: { seconds: 1795380685n, nanos: 920_563_722 },
  extensions: {
    'io.cri-containerd.sandbox.metadata': any({
      Version: 'v1',
      Metadata: {
        Name: 'web_default_u-1_0',
        NetNSPath: '/var/run/netns/cni-1',
        IP: '10.88.0.5',
        Config: {},
      },
    }),
  },
};

/** Of a sandbox that is being made: it has no container record yet. */
const half = {
  sandboxId: 'b2',
  createdAt: { seconds: 1795380690n, nanos: 0 },
  extensions: {
    other: any({}),
    metadata: any({
      Version: 'v1',
      Metadata: { Name: 'new_default_u-2_0', NetNSPath: '/var/run/netns/cni-2' },
    }),
  },
};

const bareHalf = { sandboxId: 'b3' };

const app = {
  id: 'c1',
  labels: { 'io.cri-containerd.kind': 'container' },
  image: 'docker.io/library/busybox:1.36',
  sandbox: 'a1',
  extensions: {
    'io.cri-containerd.container.metadata': any({
      Version: 'v1',
      Metadata: { Name: 'app_web_default_u-1_0', ImageRef: 'sha256:5a' },
    }),
  },
};

test('records of sandboxes alone, asked in the namespace of CRI', async () => {
  const { outcome, server } = await store({
    stored: { containers: [sandbox, app] },
    storedSandboxes: { list: [{ sandboxId: 'a1', extensions: { metadata: any({}) } }, half, bareHalf] },
  });
  expect(outcome).toMatchObject({ status: 'complete' });
  expect(outcome?.status === 'complete' && outcome.value).toEqual({
    records: [
      {
        id: 'a1',
        kind: 'sandbox',
        name: 'web_default_u-1_0',
        netnsPath: '/var/run/netns/cni-1',
        sandboxId: null,
        modes: { net: 'pod', pid: 'pod', ipc: 'pod' },
        image: 'registry.k8s.io/pause:3.10',
        imageId: null,
        createdAt: 1795380685920,
        address: '10.88.0.5',
      },
    ],
    sandboxes: ['a1', 'b2', 'b3'],
    halves: [
      {
        id: 'b2',
        name: 'new_default_u-2_0',
        netnsPath: '/var/run/netns/cni-2',
        createdAt: 1795380690000,
      },
      { id: 'b3', name: null, netnsPath: null, createdAt: 0 },
    ],
  });
  expect(new Set(server.namespaces)).toEqual(new Set(['k8s.io']));
  expect(server.calls.filter((call) => call.includes('Tasks'))).toEqual([]);
});

test('records of app containers and tasks are asked for only by name, the tasks last', async () => {
  const tasks = [1, 2, 3, 4, 5, 0].map((status) => ({ id: `t${status}`, pid: status, status }));
  const { facts, server } = await store(
    {
      stored: { containers: [sandbox, app] },
      tasks: { tasks: [...tasks, { containerId: 'named-otherwise', pid: 9 }] },
    },
    { names: ['tasks', 'storeContainers'] },
  );
  expect(facts.storeContainers).toMatchObject({
    status: 'complete',
    value: [
      {
        id: 'c1',
        kind: 'container',
        name: 'app_web_default_u-1_0',
        netnsPath: null,
        sandboxId: 'a1',
        modes: null,
        image: 'docker.io/library/busybox:1.36',
        imageId: 'sha256:5a',
        createdAt: 0,
      },
    ],
  });
  expect(facts.tasks).toMatchObject({
    status: 'complete',
    value: [
      { id: 't1', pid: 1, status: 'created' },
      { id: 't2', pid: 2, status: 'running' },
      { id: 't3', pid: 3, status: 'stopped' },
      { id: 't4', pid: 4, status: 'paused' },
      { id: 't5', pid: 5, status: 'paused' },
      { id: 't0', pid: 0, status: 'unknown' },
      { id: 'named-otherwise', pid: 9, status: 'unknown' },
    ],
  });
  expect(server.calls.at(-1)).toBe('/containerd.services.tasks.v1.Tasks/List');
});

test('containerd 1.6 has no sandbox store', async () => {
  const { outcome } = await store({ stored: {}, tasks: {} });
  expect(outcome).toMatchObject({ status: 'complete', value: { records: [], sandboxes: null } });
});

test('a record whose metadata cannot be read stays, with a problem beside it', async () => {
  const broken = { ...sandbox, id: 'b2', extensions: { 'io.cri-containerd.sandbox.metadata': any({}) } };
  const bare = { id: 'b3', labels: sandbox.labels, image: 'i' };
  const { outcome } = await store({ stored: { containers: [sandbox, broken, bare] }, tasks: {} });
  expect(outcome).toMatchObject({
    status: 'complete',
    value: {
      records: [
        { id: 'a1', name: 'web_default_u-1_0' },
        { id: 'b2', kind: 'sandbox', name: null, modes: null, netnsPath: null, image: sandbox.image },
        { id: 'b3', kind: 'sandbox', name: null, modes: null },
      ],
    },
    problems: [
      { code: 'malformed', subject: 'b2' },
      { code: 'malformed', subject: 'b3' },
    ],
  });
});

test('another runtime has no such store, and is not asked for it', async () => {
  const { outcome, server } = await store({ stored: {}, tasks: {} }, { runtimeName: 'cri-o' });
  expect(outcome).toMatchObject({ status: 'absent', reason: "cri-o has no store of containerd's kind" });
  expect(server.calls.some((call) => call.includes('containerd.services'))).toBe(false);
});

test('a store that does not answer is a failed fact', async () => {
  const { outcome } = await store({});
  expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'unavailable' } });
});
