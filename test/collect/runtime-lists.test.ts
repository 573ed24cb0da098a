import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Collector } from '../../src/collect/collector.ts';
import { containersCollector } from '../../src/collect/containers.ts';
import { endpointsCollector } from '../../src/collect/endpoints.ts';
import { imagesCollector } from '../../src/collect/images.ts';
import { runtimeCollector } from '../../src/collect/runtime.ts';
import { sandboxesCollector } from '../../src/collect/sandboxes.ts';
import { storeCollector } from '../../src/collect/store.ts';
import { type CriAnswers, serveCri } from '../support/fake-cri.ts';
import { lookAt, running } from '../support/look-at.ts';
import { listenAt, plant, temporaryFolder } from '../support/node-tree.ts';

const SOCKET = '/run/s.sock';
const LISTS = ['sandboxes', 'containers', 'images', 'store'] as const;
const COLLECTORS: readonly Collector[] = [
  running(),
  endpointsCollector,
  runtimeCollector,
  sandboxesCollector,
  containersCollector,
  imagesCollector,
  storeCollector,
];

async function look(answers: CriAnswers) {
  const root = temporaryFolder();
  plant(root, { '/run/keep': '' });
  const server = await serveCri(path.join(root, SOCKET), answers);
  onTestFinished(() => server.close());
  return { server, facts: await lookAt(root, COLLECTORS, LISTS, { endpoint: SOCKET }) };
}

const version = { runtimeName: 'containerd', runtimeVersion: '2.1.9', runtimeApiVersion: 'v1' };
const known = { version, status: { status: { conditions: [] } } };

test('sandboxes as listed, down to a record that lost its time', async () => {
  const { facts } = await look({
    ...known,
    sandboxes: {
      items: [
        {
          id: 'a1',
          metadata: { name: 'web', namespace: 'default', uid: 'u-1', attempt: 3 },
          state: 0,
          createdAt: 1795380687491755277n,
          runtimeHandler: 'runc',
        },
        { id: 'b2', state: 1, createdAt: -6795364578871345152n },
      ],
    },
  });
  expect(facts.sandboxes).toMatchObject({
    status: 'complete',
    value: [
      {
        id: 'a1',
        name: 'web',
        namespace: 'default',
        uid: 'u-1',
        attempt: 3,
        state: 'ready',
        createdAt: 1795380687491,
        runtimeHandler: 'runc',
      },
      {
        id: 'b2',
        name: '',
        namespace: '',
        uid: '',
        attempt: 0,
        state: 'notready',
        createdAt: -6795364578871,
        runtimeHandler: '',
      },
    ],
  });
});

test('containers and images as listed, states of the future included', async () => {
  const { facts } = await look({
    ...known,
    containers: {
      containers: [0, 1, 2, 3, 9].map((state) => ({
        id: `c${state}`,
        podSandboxId: 'a1',
        metadata: { name: 'app', attempt: 2 },
        image: { image: 'docker.io/library/busybox:1.36' },
        imageRef: 'sha256:5a',
        state,
        createdAt: 2_000_000n,
      })),
    },
    images: {
      images: [
        { id: 'sha256:93', repoTags: ['registry.k8s.io/pause:3.10'], size: 21276n, pinned: true },
        { id: 'sha256:5a', repoDigests: ['docker.io/library/busybox@sha256:db'] },
      ],
    },
  });
  const containers = facts.containers?.status === 'complete' ? facts.containers.value : [];
  expect(containers.map((c) => c.state)).toEqual(['created', 'running', 'exited', 'unknown', 'unknown']);
  expect(containers[1]).toEqual({
    id: 'c1',
    sandboxId: 'a1',
    name: 'app',
    attempt: 2,
    state: 'running',
    createdAt: 2,
    image: 'docker.io/library/busybox:1.36',
    imageRef: 'sha256:5a',
  });
  expect(facts.images).toMatchObject({
    status: 'complete',
    value: [
      { id: 'sha256:93', tags: ['registry.k8s.io/pause:3.10'], digests: [], size: 21276, pinned: true },
      { id: 'sha256:5a', tags: [], digests: ['docker.io/library/busybox@sha256:db'], size: 0, pinned: false },
    ],
  });
});

test('one list that fails does not take the others along', async () => {
  const { facts } = await look({
    ...known,
    sandboxes: {},
    containers: () => {
      throw new Error('metadata store is closed');
    },
    images: {},
  });
  expect(facts.sandboxes?.status).toBe('complete');
  expect(facts.images?.status).toBe('complete');
  expect(facts.containers).toMatchObject({ status: 'failed', problem: { code: 'unavailable' } });
});

test('sandboxes are asked for before containers, and both before the store', async () => {
  const { server } = await look({
    ...known,
    sandboxes: {},
    containers: {},
    images: {},
    stored: {},
    tasks: {},
    storedSandboxes: {},
  });
  const order = ['ListPodSandbox', 'ListContainers', 'Containers/List'].map((name) =>
    server.calls.findIndex((call) => call.endsWith(name)),
  );
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
});

test('a runtime that hangs costs one deadline for all facts', async () => {
  const root = temporaryFolder();
  let connections = 0;
  await listenAt(path.join(root, SOCKET), () => {
    connections += 1;
  });
  const facts = await lookAt(root, COLLECTORS, LISTS, { endpoint: SOCKET, rpcTimeoutMs: 200 });
  expect(connections).toBe(1);
  const runtime = facts.runtime?.status === 'failed' ? facts.runtime.problem : undefined;
  expect(runtime?.code).toBe('timeout');
  for (const name of LISTS) expect(facts[name]).toMatchObject({ status: 'failed', problem: runtime });
});

test('a runtime that hangs in the middle costs one deadline for the rest', async () => {
  const never = () => new Promise<Record<string, never>>(() => {});
  const root = temporaryFolder();
  plant(root, { '/run/keep': '' });
  const server = await serveCri(path.join(root, SOCKET), {
    ...known,
    sandboxes: never,
    containers: never,
    images: {},
    stored: {},
    tasks: {},
  });
  onTestFinished(() => server.close());
  const facts = await lookAt(root, COLLECTORS, LISTS, { endpoint: SOCKET, rpcTimeoutMs: 300 });
  expect(facts.images?.status).toBe('complete');
  for (const name of ['sandboxes', 'containers', 'store'] as const)
    expect(facts[name]).toMatchObject({ status: 'failed', problem: { code: 'timeout' } });
  expect(server.calls.some((call) => call.endsWith('ListContainers'))).toBe(false);
});

test('no runtime, no lists: absent with the reason', async () => {
  const facts = await lookAt(temporaryFolder(), COLLECTORS, LISTS);
  for (const name of LISTS)
    expect(facts[name]).toMatchObject({
      status: 'absent',
      reason: expect.stringMatching(/^no container runtime/),
    });
});
