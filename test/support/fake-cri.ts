import http2 from 'node:http2';
import type net from 'node:net';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import {
  ImageService,
  type ListContainersResponseSchema,
  type ListImagesResponseSchema,
  type ListPodSandboxResponseSchema,
  type PodSandboxStatusResponseSchema,
  type RuntimeConfigResponseSchema,
  RuntimeService,
  type StatusResponseSchema,
  type VersionResponseSchema,
} from '../../src/cri/gen/cri_pb.js';
import { Store, type StoreListResponseSchema } from '../../src/cri/gen/sandboxes_pb.js';
import { Containers, type ListContainersResponseSchema as StoredSchema } from '../../src/cri/gen/store_pb.js';
import { type ListTasksResponseSchema, Tasks } from '../../src/cri/gen/tasks_pb.js';

/** A recorded message, or a function that makes it, waits for it, or throws. */
type Answer<S extends DescMessage> =
  | MessageInitShape<S>
  | (() => MessageInitShape<S> | Promise<MessageInitShape<S>>);

/** What the runtime answers. A method left out is answered "unimplemented". */
export interface CriAnswers {
  version?: Answer<typeof VersionResponseSchema>;
  status?: Answer<typeof StatusResponseSchema>;
  runtimeConfig?: Answer<typeof RuntimeConfigResponseSchema>;
  sandboxes?: Answer<typeof ListPodSandboxResponseSchema>;
  containers?: Answer<typeof ListContainersResponseSchema>;
  images?: Answer<typeof ListImagesResponseSchema>;
  sandboxStatus?: (id: string) => MessageInitShape<typeof PodSandboxStatusResponseSchema>;
  stored?: Answer<typeof StoredSchema>;
  tasks?: Answer<typeof ListTasksResponseSchema>;
  storedSandboxes?: Answer<typeof StoreListResponseSchema>;
}

export interface FakeCri {
  /** Methods in the order in which they were called, e.g. `/runtime.v1.RuntimeService/Version`. */
  calls: string[];
  /** Metadata `containerd-namespace` of each of these calls. */
  namespaces: string[];
  /** Ends every connection, as a runtime that crashes would. */
  drop(): void;
  close(): Promise<void>;
}

/** A real gRPC server at a unix socket that answers with recorded messages. */
export async function serveCri(socket: string, answers: CriAnswers): Promise<FakeCri> {
  const calls: string[] = [];
  const namespaces: string[] = [];
  const connections = new Set<net.Socket>();
  const handler = connectNodeAdapter({
    routes: (router) => route(router, answers),
    fallback: (request, response) => refuse(response as http2.Http2ServerResponse, request.url ?? ''),
  });
  const server = http2.createServer((request, response) => {
    calls.push(request.url);
    namespaces.push(String(request.headers['containerd-namespace'] ?? ''));
    handler(request, response);
  });
  server.on('connection', (connection: net.Socket) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  const drop = () => {
    for (const connection of connections) connection.destroy();
  };
  return {
    calls,
    namespaces,
    drop,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        drop();
      }),
  };
}

function route(router: ConnectRouter, answers: CriAnswers): void {
  const { sandboxStatus } = answers;
  if (answers.version) {
    router.service(RuntimeService, {
      version: () => give(answers.version),
      status: () => give(answers.status),
      runtimeConfig: () => give(answers.runtimeConfig),
      listPodSandbox: () => give(answers.sandboxes),
      listContainers: () => give(answers.containers),
      podSandboxStatus: (request) => give(sandboxStatus && (() => sandboxStatus(request.podSandboxId))),
    });
    router.service(ImageService, { listImages: () => give(answers.images) });
  }
  if (answers.stored) {
    router.service(Containers, {
      list: async ({ filters }) => filtered(await give(answers.stored), filters),
    });
    router.service(Tasks, { list: () => give(answers.tasks) });
  }
  if (answers.storedSandboxes) router.service(Store, { list: () => give(answers.storedSandboxes) });
}

async function give<S extends DescMessage>(answer: Answer<S> | undefined): Promise<MessageInitShape<S>> {
  if (answer === undefined) throw new ConnectError('unknown method', Code.Unimplemented);
  return typeof answer === 'function' ? answer() : answer;
}

/** containerd's filters as far as podctl uses them: any of `labels."key"==value`. */
function filtered(
  list: MessageInitShape<typeof StoredSchema>,
  filters: readonly string[],
): MessageInitShape<typeof StoredSchema> {
  const wanted = filters.map((filter) => /^labels\."([^"]+)"==(\S+)$/.exec(filter) ?? []);
  const fits = (labels: Record<string, string> | undefined) =>
    wanted.length === 0 || wanted.some(([, key = '', value]) => labels?.[key] === value);
  return { containers: (list.containers ?? []).filter((c) => fits(c.labels)) };
}

/** What a gRPC server says of a service that it does not have: status alone, no message. */
function refuse(response: http2.Http2ServerResponse, url: string): void {
  const service = url.split('/')[1] ?? '';
  response.writeHead(200, {
    'content-type': 'application/grpc',
    'grpc-status': '12',
    'grpc-message': `unknown service ${service}`,
  });
  response.end();
}
