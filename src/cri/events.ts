import type http2 from 'node:http2';
import net from 'node:net';
import { UNIMPLEMENTED } from './grpc.ts';
import { CRI_NAMESPACE } from './session.ts';
import { bytesOf, type Writer, writeBytes, writeTag } from './wire-writer.ts';

/** How a runtime is asked to tell when something happens: gRPC method and request. */
export interface EventSource {
  path: string;
  request: Buffer;
}

/** Wire type of what has a length. */
const BYTES = 2;

const CRI: EventSource = {
  path: '/runtime.v1.RuntimeService/GetContainerEvents',
  request: Buffer.alloc(0),
};

/** What changes pods. Not the exits: those of every command that is run in a container are among them. */
const TOPICS = '^/(sandboxes/exit|containers/(create|delete)|tasks/(start|delete|oom))$';

const CONTAINERD: EventSource = {
  path: '/containerd.services.events.v1.Events/Subscribe',
  request: stringField(1, `namespace==${CRI_NAMESPACE},topic~="${TOPICS}"`),
};

/**
 * Where to listen without doing harm; null where nothing is known to tell everybody. containerd 1.7 hands each of
 * CRI's events to one listener only, who may be the kubelet; its own it tells to all.
 */
export function eventSourceOf({ name, version }: { name: string; version: string }): EventSource | null {
  if (name === 'cri-o') return CRI;
  if (name !== 'containerd') return null;
  return Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0) >= 2 ? CRI : CONTAINERD;
}

/**
 * Calls `onEvent` whenever the runtime at `socket` tells that something changed, until it hangs up or `signal` aborts.
 * What an event says is not read: whoever listens looks for himself. `refused`: it has no events to tell. Never throws.
 */
export async function listenForEvents(
  socket: string,
  source: EventSource,
  onEvent: () => void,
  signal: AbortSignal,
): Promise<'ended' | 'refused'> {
  const { shareConnection } = await import('./connection.ts');
  const connection = shareConnection(() => net.connect(socket));
  const close = () => connection.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    const http = await connection.open();
    return signal.aborted ? 'ended' : await follow(http, source, onEvent);
  } catch {
    return 'ended';
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

function follow(
  http: http2.ClientHttp2Session,
  { path, request }: EventSource,
  onEvent: () => void,
): Promise<'ended' | 'refused'> {
  const stream = http.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc+proto',
    te: 'trailers',
    'containerd-namespace': CRI_NAMESPACE,
  });
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(request.length, 1);
  stream.end(Buffer.concat([prefix, request]));
  return new Promise((resolve) => {
    let status: unknown;
    const note = (headers: http2.IncomingHttpHeaders) => {
      status = headers['grpc-status'] ?? status;
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('data', onEvent);
    // 'close' follows it.
    stream.on('error', () => {});
    stream.on('close', () => resolve(status === String(UNIMPLEMENTED) ? 'refused' : 'ended'));
  });
}

/** A message of one field, which is a string. */
function stringField(number: number, text: string): Buffer {
  const writer: Writer = [];
  writeTag(writer, number, BYTES);
  writeBytes(writer, Buffer.from(text));
  return bytesOf(writer);
}
