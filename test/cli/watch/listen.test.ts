import http2 from 'node:http2';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createListening } from '../../../src/cli/watch/listen.ts';
import { eventSourceOf, listenForEvents } from '../../../src/cri/events.ts';
import type { RuntimeFact } from '../../../src/model/facts.ts';
import { until } from '../../rig/process.ts';
import { temporaryFolder } from '../../support/node-tree.ts';

const CRI = '/runtime.v1.RuntimeService/GetContainerEvents';
const OWN = '/containerd.services.events.v1.Events/Subscribe';
/** A message of one byte. */
const EVENT = Buffer.from([0, 0, 0, 0, 1, 0]);

test('only where all who listen hear everything', () => {
  const path = (name: string, version: string) => eventSourceOf({ name, version })?.path ?? null;
  expect(path('containerd', '2.1.9+unknown')).toBe(CRI);
  expect(path('containerd', 'v2.0.0')).toBe(CRI);
  expect(path('containerd', '1.7.24')).toBe(OWN);
  expect(path('containerd', '1.6.20~ds1')).toBe(OWN);
  expect(path('containerd', 'unknown')).toBe(OWN);
  expect(path('cri-o', '1.31.0')).toBe(CRI);
  expect(path('docker', '27.0.0')).toBeNull();
});

interface Runtime {
  socket: string;
  /** Requests so far. */
  asked: { path: string; namespace: string; body: string }[];
  tell(): void;
  hangUp(): void;
}

/** A runtime with events; with a status, one that has none. */
async function serve(status?: number): Promise<Runtime> {
  const socket = path.join(temporaryFolder(), 's');
  const asked: Runtime['asked'] = [];
  const streams = new Set<http2.ServerHttp2Stream>();
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    let body = '';
    stream.on('data', (chunk: Buffer) => {
      body += chunk.toString('latin1');
    });
    stream.on('error', () => {});
    stream.on('close', () => streams.delete(stream));
    stream.on('end', () => {
      asked.push({
        path: String(headers[':path']),
        namespace: String(headers['containerd-namespace']),
        body,
      });
      const type = { 'content-type': 'application/grpc' };
      if (status !== undefined)
        stream.respond({ ...type, 'grpc-status': String(status) }, { endStream: true });
      else {
        stream.respond(type);
        streams.add(stream);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const hangUp = () => {
    for (const { session } of streams) session?.destroy();
  };
  onTestFinished(() => {
    hangUp();
    server.close();
  });
  return {
    socket,
    asked,
    tell: () => {
      for (const stream of streams) stream.write(EVENT);
    },
    hangUp,
  };
}

function sourceOf(version: string) {
  const source = eventSourceOf({ name: 'containerd', version });
  if (source === null) throw new Error('containerd has events');
  return source;
}

test('every event is heard until the runtime hangs up; the request is what that runtime wants', async () => {
  const runtime = await serve();
  const heard: true[] = [];
  const { signal } = new AbortController();
  const ended = listenForEvents(runtime.socket, sourceOf('1.6.20'), () => void heard.push(true), signal);
  await until('the request', () => runtime.asked.length === 1);
  expect(runtime.asked[0]).toMatchObject({ path: OWN, namespace: 'k8s.io' });
  expect(runtime.asked[0]?.body.slice(5)).toMatch(/^\x0a\x62namespace==k8s\.io,topic~="/);
  runtime.tell();
  await until('the event', () => heard.length === 1);
  runtime.tell();
  await until('the next', () => heard.length === 2);
  runtime.hangUp();
  expect(await ended).toBe('ended');
});

test('the end of the run ends it; no runtime, or one without events, is no error', async () => {
  const { socket, asked } = await serve();
  const stop = new AbortController();
  const ended = listenForEvents(socket, sourceOf('2.1.9'), () => {}, stop.signal);
  await until('the request', () => asked.length === 1);
  expect(asked[0]).toMatchObject({ path: CRI, body: '\0\0\0\0\0' });
  stop.abort();
  expect(await ended).toBe('ended');

  const { signal } = new AbortController();
  expect(await listenForEvents(`${socket}.not`, sourceOf('2.1.9'), () => {}, signal)).toBe('ended');
  const without = await serve(12);
  expect(await listenForEvents(without.socket, sourceOf('2.1.9'), () => {}, signal)).toBe('refused');
});

const fact = (endpoint: string) => ({ endpoint, name: 'containerd', version: '2.1.9' }) as RuntimeFact;

test('one connection while the runtime stays; a new one when it is back; its end is a reason to look', async () => {
  const runtime = await serve();
  const rung: true[] = [];
  const listening = createListening(
    (at) => at,
    () => void rung.push(true),
  );
  listening.heed(fact(runtime.socket));
  await until('the request', () => runtime.asked.length === 1);
  listening.heed(fact(runtime.socket));
  runtime.hangUp();
  await until('a ring', () => rung.length === 1);
  expect(runtime.asked).toHaveLength(1);
  listening.heed(undefined);
  listening.heed(fact(runtime.socket));
  await until('the second request', () => runtime.asked.length === 2);
  runtime.tell();
  await until('a ring', () => rung.length === 2);
  listening.end();
});

test('who has nothing to tell is not asked at every look, and is no reason to look', async () => {
  const runtime = await serve(12);
  const rung: true[] = [];
  const listening = createListening(
    (at) => at,
    () => void rung.push(true),
  );
  listening.heed(fact(runtime.socket));
  await until('the request', () => runtime.asked.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let n = 0; n < 3; n += 1) listening.heed(fact(runtime.socket));
  // After it was away it may be another program.
  listening.heed(undefined);
  listening.heed(fact(runtime.socket));
  await until('the second request', () => runtime.asked.length === 2);
  expect(rung).toEqual([]);
  listening.end();
});
