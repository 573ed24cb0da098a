import type net from 'node:net';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { shareConnection } from './connection.ts';
import { ImageService, RuntimeService } from './gen/cri_pb.js';
import { Store } from './gen/sandboxes_pb.js';
import { Containers } from './gen/store_pb.js';
import { Tasks } from './gen/tasks_pb.js';
import type { Clients } from './session.ts';

const NO_LIMIT = 0xffffffff;

/** Typed clients over one HTTP/2 connection, made by `connect`. Loaded only when something is called. */
export function makeClients(connect: () => net.Socket): { clients: Clients; close: () => void } {
  const baseUrl = 'http://localhost';
  const sessionManager = shareConnection(baseUrl, connect);
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager,
    readMaxBytes: NO_LIMIT,
    binaryOptions: { readUnknownFields: false },
  });
  return {
    clients: {
      runtime: createClient(RuntimeService, transport),
      image: createClient(ImageService, transport),
      containers: createClient(Containers, transport),
      tasks: createClient(Tasks, transport),
      sandboxes: createClient(Store, transport),
    },
    close: () => sessionManager.close(),
  };
}
