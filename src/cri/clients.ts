import type net from 'node:net';
import { decode, encode } from './codec.ts';
import { shareConnection } from './connection.ts';
import { SERVICES } from './gen/wire.ts';
import { GrpcError, INTERNAL, type UnaryOptions, unary } from './grpc.ts';
import type { Clients } from './session.ts';

type Call = (request: object, options: UnaryOptions) => Promise<object>;

/** Typed clients over one HTTP/2 connection, made by `connect`. Loaded only when something is called. */
export function makeClients(connect: () => net.Socket): { clients: Clients; close: () => void } {
  const connection = shareConnection(connect);

  function service(name: string): Record<string, Call> {
    const methods = Object.entries(SERVICES[name] ?? {});
    return Object.fromEntries(
      methods.map(([method, [path, input, output]]): [string, Call] => [
        method,
        async (request, options) =>
          message(output, await unary(connection, path, encode(input, request), options)),
      ]),
    );
  }

  const clients = {
    runtime: service('runtime.v1.RuntimeService'),
    image: service('runtime.v1.ImageService'),
    containers: service('containerd.services.containers.v1.Containers'),
    tasks: service('containerd.services.tasks.v1.Tasks'),
    sandboxes: service('containerd.services.sandbox.v1.Store'),
    images: service('containerd.services.images.v1.Images'),
    namespaces: service('containerd.services.namespaces.v1.Namespaces'),
    snapshots: service('containerd.services.snapshots.v1.Snapshots'),
  };
  return { clients: clients as unknown as Clients, close: () => connection.close() };
}

function message(type: string, bytes: Buffer): object {
  try {
    return decode(type, bytes);
  } catch (error) {
    throw new GrpcError(INTERNAL, `protocol error: cannot read ${type}`, error);
  }
}
