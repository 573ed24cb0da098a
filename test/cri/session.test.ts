import fs from 'node:fs';
import path from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { expect, onTestFinished, test } from 'vitest';
import { type CriSession, openSession, RpcError } from '../../src/cri/session.ts';
import { type CriAnswers, type FakeCri, serveCri } from '../support/fake-cri.ts';
import { listenAt, temporaryFolder } from '../support/node-tree.ts';

const ENDPOINT = '/run/containerd/containerd.sock';

async function serve(answers: CriAnswers): Promise<{ server: FakeCri; socket: string }> {
  const socket = path.join(temporaryFolder(), 's');
  const server = await serveCri(socket, answers);
  onTestFinished(() => server.close());
  return { server, socket };
}

function open(socket: string, timeoutMs = 5000): CriSession {
  const session = openSession(socket, ENDPOINT, timeoutMs);
  onTestFinished(() => session.close());
  return session;
}

const version = (session: CriSession) =>
  session.call('Version', (clients, options) => clients.runtime.version({}, options));

const list = (session: CriSession) =>
  session.call('ListPodSandbox', (clients, options) => clients.runtime.listPodSandbox({}, options));

async function failureOf(answer: Promise<unknown>) {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RpcError)) throw new Error(`expected an RpcError, got ${String(error)}`);
  return error.failure;
}

test('calls share one connection and name the namespace of CRI', async () => {
  const { server, socket } = await serve({ version: { runtimeName: 'containerd' }, sandboxes: {} });
  const session = open(socket);
  expect((await version(session)).runtimeName).toBe('containerd');
  expect((await list(session)).items).toEqual([]);
  expect(server.calls).toEqual([
    '/runtime.v1.RuntimeService/Version',
    '/runtime.v1.RuntimeService/ListPodSandbox',
  ]);
  expect(new Set(server.namespaces)).toEqual(new Set(['k8s.io']));
});

test('a list of 20,000 sandboxes arrives whole', async () => {
  const items = Array.from({ length: 20_000 }, (_, i) => ({
    id: i.toString(16).padStart(64, '0'),
    metadata: { name: 'n'.repeat(263), namespace: 'default', uid: 'u'.repeat(36) },
  }));
  const { socket } = await serve({ version: {}, sandboxes: { items } });
  const answer = await list(open(socket));
  expect(answer.items).toHaveLength(20_000);
  expect(answer.items.at(-1)?.id).toBe((19_999).toString(16).padStart(64, '0'));
});

test('a socket that accepts and never answers costs one deadline; later calls fail at once', async () => {
  const socket = path.join(temporaryFolder(), 's');
  let connections = 0;
  await listenAt(socket, () => {
    connections += 1;
  });
  const session = open(socket, 200);
  const failures = await Promise.all([failureOf(version(session)), failureOf(list(session))]);
  expect(failures.map((f) => f.code)).toEqual(['timeout', 'timeout']);
  expect(failures[0]?.message).toBe(
    `${ENDPOINT} accepted the connection but did not answer Version within 0.2 s`,
  );
  let asked = false;
  const later = await failureOf(
    session.call('ListImages', async () => {
      asked = true;
    }),
  );
  expect(later.code).toBe('timeout');
  expect(asked).toBe(false);
  expect(connections).toBe(1);
});

test('a missing socket, a plain file, a refusing socket and a folder in the way say what they are', async () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'file'), '');
  const stale = path.join(folder, 'stale');
  const server = await serveCri(path.join(folder, 'live'), {});
  fs.linkSync(path.join(folder, 'live'), stale);
  await server.close();
  const failures = await Promise.all(
    ['gone', 'file', 'stale', 'file/below'].map((name) => failureOf(version(open(path.join(folder, name))))),
  );
  expect(failures.map((f) => [f.code, f.message.split(': ')[1]])).toEqual([
    ['missing', 'no such socket; is the runtime running?'],
    ['unavailable', 'connection refused; is the runtime running?'],
    ['unavailable', 'connection refused; is the runtime running?'],
    ['missing', 'a part of the path is no folder; is the path right?'],
  ]);
});

test('a socket in a folder of somebody else is denied', async () => {
  const { socket } = await serve({ version: {} });
  await version(open(socket));
  const user = process.geteuid?.();
  if (user === 0) process.seteuid?.(65_534);
  else fs.chmodSync(socket, 0);
  const failure = await failureOf(version(open(socket))).finally(() => process.seteuid?.(user ?? 0));
  expect(failure).toEqual({
    code: 'denied',
    unimplemented: false,
    message: `cannot reach the runtime at ${ENDPOINT}: permission denied; run as root`,
  });
});

test('a path too long for a socket is refused, not cut off', async () => {
  const socket = path.join(temporaryFolder(), 'x'.repeat(120));
  const failure = await failureOf(version(open(socket)));
  expect(failure.code).toBe('malformed');
  expect(failure.message).toContain(`has ${socket.length} bytes, a unix socket's at most 107`);
});

test('a server of another protocol is named as such and does not end the process', async () => {
  const socket = path.join(temporaryFolder(), 's');
  await listenAt(socket, (connection) => connection.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const failure = await failureOf(version(open(socket)));
  expect(failure.code).toBe('malformed');
  expect(failure.message).toContain('does not speak gRPC');
});

test('a connection that closes at once, or half-way through an answer, is not a hanging runtime', async () => {
  const shut = path.join(temporaryFolder(), 's');
  await listenAt(shut, (connection) => connection.destroy());
  expect((await failureOf(version(open(shut)))).code).toBe('unavailable');

  let reached = () => {};
  const asked = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const { server, socket } = await serve({
    version: { runtimeName: 'containerd' },
    sandboxes: () => {
      reached();
      return new Promise(() => {});
    },
  });
  const session = open(socket);
  const answer = failureOf(list(session));
  await asked;
  server.drop();
  expect(await answer).toEqual({
    code: 'unavailable',
    unimplemented: false,
    message: `${ENDPOINT} closed the connection before it had answered ListPodSandbox; is the runtime crashing?`,
  });
  expect((await version(session)).runtimeName, 'it connects again').toBe('containerd');
});

test("a deadline of the runtime's own is its answer, not its silence", async () => {
  const { socket } = await serve({
    version: { runtimeName: 'containerd' },
    sandboxes: () => {
      throw new ConnectError('failed to get state of shim', Code.DeadlineExceeded);
    },
  });
  const session = open(socket);
  const failure = await failureOf(list(session));
  expect(failure.code).toBe('unavailable');
  expect(failure.message).toContain('failed to get state of shim');
  expect((await version(session)).runtimeName).toBe('containerd');
});

test('a missing method is told from a CRI that is switched off', async () => {
  const { socket } = await serve({ version: {} });
  const method = await failureOf(
    open(socket).call('RuntimeConfig', (clients, options) => clients.runtime.runtimeConfig({}, options)),
  );
  expect(method.unimplemented).toBe(true);
  const off = await serve({ stored: {}, tasks: {} });
  const service = await failureOf(version(open(off.socket)));
  expect(service.code).toBe('unavailable');
  expect(service.message).toContain('offers no CRI v1: it is switched off');
});
