import net from 'node:net';
import type { Client } from '@connectrpc/connect';
import { type RpcFailure, rpcFailure } from './failure.ts';
import type { ImageService, RuntimeService } from './gen/cri_pb.js';
import type { Store } from './gen/sandboxes_pb.js';
import type { Containers } from './gen/store_pb.js';
import type { Tasks } from './gen/tasks_pb.js';

/** containerd's namespace for CRI's objects. */
export const CRI_NAMESPACE = 'k8s.io';

export interface Clients {
  runtime: Client<typeof RuntimeService>;
  image: Client<typeof ImageService>;
  containers: Client<typeof Containers>;
  tasks: Client<typeof Tasks>;
  sandboxes: Client<typeof Store>;
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
   * One call under the session's deadline. Throws RpcError only.
   * Once a call has run into its deadline the runtime is taken to hang, and every later one fails at once.
   */
  call<T>(what: string, make: (clients: Clients, options: CallOptions) => Promise<T>): Promise<T>;
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

/** Opens nothing yet: the first call connects. `socket` is what to connect to, `endpoint` what to call it. */
export function openSession(socket: string, endpoint: string, timeoutMs: number): CriSession {
  const closed = new AbortController();
  let clients: Promise<Clients> | undefined;
  let hung: RpcFailure | undefined;
  let shut = () => {};

  async function connect(): Promise<Clients> {
    const { makeClients } = await import('./clients.ts');
    const made = makeClients(() => net.connect(socket));
    shut = made.close;
    return made.clients;
  }

  return {
    endpoint,
    async call(what, make) {
      if (hung) throw new RpcError(hung);
      clients ??= connect();
      const ready = await clients;
      try {
        return await make(ready, {
          timeoutMs,
          signal: closed.signal,
          headers: { 'containerd-namespace': CRI_NAMESPACE },
        });
      } catch (error) {
        const failure = rpcFailure(error, what, endpoint, timeoutMs);
        if (failure.code === 'timeout') hung = failure;
        throw new RpcError(failure);
      }
    },
    close() {
      closed.abort();
      shut();
    },
  };
}
