import net from 'node:net';
import type { DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { type RpcFailure, rpcFailure } from './failure.ts';
import type { ImageService, RuntimeService } from './gen/cri_pb.js';
import type { Images } from './gen/images_pb.js';
import type { Namespaces } from './gen/namespaces_pb.js';
import type { Store } from './gen/sandboxes_pb.js';
import type { Snapshots } from './gen/snapshots_pb.js';
import type { Containers } from './gen/store_pb.js';
import type { Tasks } from './gen/tasks_pb.js';

/** containerd's namespace for CRI's objects. */
export const CRI_NAMESPACE = 'k8s.io';

/** The methods of a service that the generated types describe; messages are plain objects without `$typeName`. */
type Client<S extends { method: Record<string, DescMethod> }> = {
  [M in keyof S['method']]: (
    request: MessageInitShape<S['method'][M]['input']>,
    options: CallOptions,
  ) => Promise<MessageShape<S['method'][M]['output']>>;
};

export interface Clients {
  runtime: Client<typeof RuntimeService>;
  image: Client<typeof ImageService>;
  containers: Client<typeof Containers>;
  tasks: Client<typeof Tasks>;
  sandboxes: Client<typeof Store>;
  images: Client<typeof Images>;
  namespaces: Client<typeof Namespaces>;
  snapshots: Client<typeof Snapshots>;
}

/** Options of one call: its deadline, and containerd's namespace where its own API is called. */
export interface CallOptions {
  timeoutMs: number;
  signal: AbortSignal;
  headers: Record<string, string>;
}

/** A connection to one runtime socket. */
export interface CriSession {
  /** As the node knows it; for messages. */
  readonly endpoint: string;
  /**
   * One call under the session's deadline, or a longer one of its own. Throws RpcError only.
   * Once a call has run into its deadline the runtime is taken to hang, and every later one fails at once.
   */
  call<T>(
    what: string,
    make: (clients: Clients, options: CallOptions) => Promise<T>,
    timeoutMs?: number,
  ): Promise<T>;
  close(): void;
}

/** A call that got no answer, worded for people, with the reason as a code. */
export class RpcError extends Error {
  readonly failure: RpcFailure;
  constructor(failure: RpcFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Bytes of a path in a unix socket address; Node cuts longer ones off and connects to something else. */
const MAX_SOCKET_PATH = 107;

/** Opens nothing yet: the first call connects. `socket` is what to connect to, `endpoint` what to call it. */
export function openSession(socket: string, endpoint: string, usualMs: number): CriSession {
  const closed = new AbortController();
  let clients: Promise<Clients> | undefined;
  let hopeless = tooLong(socket, endpoint);
  let shut = () => {};

  async function connect(): Promise<Clients> {
    const { makeClients } = await import('./clients.ts');
    const made = makeClients(() => net.connect(socket));
    shut = made.close;
    return made.clients;
  }

  return {
    endpoint,
    async call(what, make, timeoutMs = usualMs) {
      if (hopeless) throw new RpcError(hopeless);
      clients ??= connect();
      const ready = await clients;
      const begun = performance.now();
      try {
        return await make(ready, {
          timeoutMs,
          signal: closed.signal,
          headers: { 'containerd-namespace': CRI_NAMESPACE },
        });
      } catch (error) {
        const tookMs = performance.now() - begun;
        const failure = rpcFailure(error, { what, endpoint, timeoutMs, tookMs });
        if (failure.code === 'timeout') hopeless = failure;
        throw new RpcError(failure);
      }
    },
    close() {
      closed.abort();
      shut();
    },
  };
}

function tooLong(socket: string, endpoint: string): RpcFailure | undefined {
  const bytes = Buffer.byteLength(socket);
  if (bytes <= MAX_SOCKET_PATH) return undefined;
  const message = `cannot reach the runtime at ${endpoint}: the path has ${bytes} bytes, a unix socket's at most ${MAX_SOCKET_PATH}; use a shorter link to it`;
  return { code: 'malformed', unimplemented: false, message };
}
