import path from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { expect, onTestFinished, test } from 'vitest';
import { endpointsCollector } from '../../src/collect/endpoints.ts';
import { runtimeCollector } from '../../src/collect/runtime.ts';
import { type CriAnswers, serveCri } from '../support/fake-cri.ts';
import { lookAt, running } from '../support/look-at.ts';
import { listenAt, plant, temporaryFolder } from '../support/node-tree.ts';

const SOCKET = '/run/s.sock';

async function runtime(root: string, endpoint?: string, rpcTimeoutMs = 5000) {
  const look = endpoint === undefined ? { rpcTimeoutMs } : { endpoint, rpcTimeoutMs };
  const facts = await lookAt(root, [running(), endpointsCollector, runtimeCollector], ['runtime'], look);
  const outcome = facts.runtime;
  if (outcome === undefined) throw new Error('no outcome');
  const { ms, ...gathered } = outcome;
  expect(ms).toBeGreaterThanOrEqual(0);
  return gathered;
}

async function answering(answers: CriAnswers) {
  const root = temporaryFolder();
  plant(root, { '/run/keep': '' });
  const server = await serveCri(path.join(root, SOCKET), answers);
  onTestFinished(() => server.close());
  return { server, look: () => runtime(root, SOCKET) };
}

const version = { runtimeName: 'containerd', runtimeVersion: '1.7.24', runtimeApiVersion: 'v1' };

test('what answers: version, conditions, configuration that it shows, cgroup driver', async () => {
  const condition = {
    type: 'NetworkReady',
    status: false,
    reason: 'NetworkPluginNotReady',
    message: 'no cni',
  };
  const { look } = await answering({
    version,
    status: {
      status: { conditions: [condition] },
      info: { config: '{"sandboxImage":"registry.k8s.io/pause:3.10"}', lastCNILoadStatus: 'load failed' },
    },
    runtimeConfig: { linux: { cgroupDriver: 1 } },
  });
  expect(await look()).toEqual({
    status: 'complete',
    value: {
      endpoint: SOCKET,
      name: 'containerd',
      version: '1.7.24',
      apiVersion: 'v1',
      conditions: [condition],
      sandboxImage: 'registry.k8s.io/pause:3.10',
      rootDir: null,
      stateDir: null,
      cgroupDriver: 'cgroupfs',
      cniLoadErrors: ['load failed'],
    },
  });
});

test('a runtime without RuntimeConfig has no known cgroup driver, and that is no problem', async () => {
  const { look } = await answering({ version, status: { status: { conditions: [] } } });
  expect(await look()).toMatchObject({ status: 'complete', value: { cgroupDriver: null } });
});

test('a Status that is answered with an error leaves the runtime known, its conditions not', async () => {
  const { look } = await answering({
    version,
    status: () => {
      throw new ConnectError('cni is broken', Code.Unknown);
    },
  });
  expect(await look()).toMatchObject({
    status: 'partial',
    value: { name: 'containerd', conditions: [] },
    problems: [{ code: 'unavailable', message: `${SOCKET} answered Status with an error: cni is broken` }],
  });
});

test('a node without any sign of a runtime has none', async () => {
  expect(await runtime(temporaryFolder())).toEqual({
    status: 'absent',
    reason:
      'no container runtime on this node: none of the well-known sockets exists, and no other sign of one',
  });
});

test('a node with a sign of a runtime but no socket is broken', async () => {
  const root = temporaryFolder();
  plant(root, { '/etc/containerd/config.toml': '' });
  const outcome = await runtime(root);
  expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'missing' } });
  expect(JSON.stringify(outcome)).toContain('/etc/containerd/config.toml (configuration of containerd)');
});

test('a socket that nobody serves any more is broken, not absent', async () => {
  const root = temporaryFolder();
  const { linkSync, mkdirSync } = await import('node:fs');
  mkdirSync(path.join(root, '/run/containerd'), { recursive: true });
  const server = await serveCri(path.join(root, '/run/live'), {});
  linkSync(path.join(root, '/run/live'), path.join(root, '/run/containerd/containerd.sock'));
  await server.close();
  expect(await runtime(root)).toMatchObject({
    status: 'failed',
    problem: { code: 'unavailable', message: expect.stringContaining('connection refused') },
  });
});

test('an endpoint that is no socket says so', async () => {
  const root = temporaryFolder();
  plant(root, { '/run/file': '' });
  for (const endpoint of ['/run/file', 'tcp://127.0.0.1:3'])
    expect(await runtime(root, endpoint)).toEqual({
      status: 'failed',
      problem: {
        code: 'malformed',
        message: `${endpoint} is no unix socket; give the runtime's with --runtime-endpoint`,
      },
    });
});

test('containerd with CRI switched off is named as that', async () => {
  const { look } = await answering({ stored: {}, tasks: {} });
  expect(await look()).toMatchObject({
    status: 'failed',
    problem: {
      code: 'unavailable',
      message: expect.stringContaining('offers no CRI v1: it is switched off'),
    },
  });
});

test('a runtime that accepts and never answers is a timeout', async () => {
  const root = temporaryFolder();
  await listenAt(path.join(root, SOCKET));
  expect(await runtime(root, SOCKET, 150)).toMatchObject({ status: 'failed', problem: { code: 'timeout' } });
});

test('a runtime that answers Version and hangs in Status is a timeout too', async () => {
  const root = temporaryFolder();
  plant(root, { '/run/keep': '' });
  const answers = { version, status: () => new Promise<Record<string, never>>(() => {}) };
  const server = await serveCri(path.join(root, SOCKET), answers);
  onTestFinished(() => server.close());
  expect(await runtime(root, SOCKET, 300)).toMatchObject({
    status: 'failed',
    problem: { code: 'timeout', message: expect.stringContaining('did not answer Status') },
  });
});
