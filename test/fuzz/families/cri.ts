import { fromJson, type JsonValue, toBinary } from '@bufbuild/protobuf';
import { statusInfo } from '../../../src/collect/status-info.ts';
import { decode } from '../../../src/cri/codec.ts';
import {
  ListContainersResponseSchema,
  ListImagesResponseSchema,
  ListPodSandboxResponseSchema,
  PodSandboxStatusResponseSchema,
  StatusResponseSchema,
} from '../../../src/cri/gen/cri_pb.js';
import { MESSAGES } from '../../../src/cri/gen/wire.ts';
import { storeMetadata } from '../../../src/cri/store-metadata.ts';
import { runtimeShapes } from '../../../src/model/runtime-shapes.ts';
import { record, text as textShape, whole } from '../../../src/model/shape.ts';
import { verboseOf } from '../../../src/sandbox/canary/pod-status.ts';
import { readCapture } from '../../captures/load.ts';
import type { Parser } from '../fuzz.ts';
import { must } from '../must.ts';

const { cri } = readCapture('containerd-2.1');
const lenient = { ignoreUnknownFields: true };
const [someStatus] = Object.values(cri.sandboxStatus);

/** Answers of a real runtime, as they come. */
const ANSWERS: Record<string, Uint8Array> = {
  'runtime.v1.ListPodSandboxResponse': toBinary(
    ListPodSandboxResponseSchema,
    fromJson(ListPodSandboxResponseSchema, cri.sandboxes as unknown as JsonValue, lenient),
  ),
  'runtime.v1.ListContainersResponse': toBinary(
    ListContainersResponseSchema,
    fromJson(ListContainersResponseSchema, cri.containers as unknown as JsonValue, lenient),
  ),
  'runtime.v1.ListImagesResponse': toBinary(
    ListImagesResponseSchema,
    fromJson(ListImagesResponseSchema, cri.images, lenient),
  ),
  'runtime.v1.StatusResponse': toBinary(
    StatusResponseSchema,
    fromJson(StatusResponseSchema, cri.status, lenient),
  ),
  'runtime.v1.PodSandboxStatusResponse': toBinary(
    PodSandboxStatusResponseSchema,
    fromJson(PodSandboxStatusResponseSchema, someStatus ?? {}, lenient),
  ),
};

const answers = Object.entries(ANSWERS).map(
  ([message, bytes]): Parser => ({
    files: ['cri/codec.ts', 'cri/wire-reader.ts'],
    name: message,
    kind: 'bytes',
    samples: [Buffer.from(bytes)],
    count: 3000,
    refuses: (error) => error instanceof Error && !(error instanceof TypeError),
    parse: (_, sent) => void decode(message, sent),
  }),
);

const any: Parser = {
  files: ['cri/codec.ts'],
  name: 'an answer read as every message',
  kind: 'bytes',
  samples: Object.values(ANSWERS).map((bytes) => Buffer.from(bytes.subarray(0, 300))),
  count: 1000,
  refuses: () => false,
  parse(_, sent) {
    for (const message of Object.keys(MESSAGES)) refusing(() => decode(message, sent));
  },
};

function refusing(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof TypeError) throw error;
  }
}

const statusConfig = (cri.status as { info?: Record<string, string> }).info?.config ?? '{}';

const info: Parser = {
  files: ['collect/status-info.ts', 'collect/runtime.ts'],
  name: "the verbose part of a runtime's status",
  kind: 'json',
  samples: [
    statusConfig,
    '{"sandboxImage":"a","stateDir":"/run/c/io.containerd.grpc.v1.cri","cni":{"binDir":"/a","binDirs":["/b"],"confDir":"/c"}}',
  ],
  // A fact holds no longer texts.
  maxBytes: 1_000_000,
  count: 3000,
  parse(text) {
    const told = statusInfo({ config: text, lastCNILoadStatus: text, 'lastCNILoadStatus.default': 'OK' });
    must(runtimeShapes.runtime, {
      endpoint: '',
      name: '',
      version: '',
      apiVersion: '',
      conditions: [],
      sandboxImage: told.sandboxImage,
      rootDir: told.rootDir,
      stateDir: told.stateDir,
      cgroupDriver: null,
      cniLoadErrors: told.cniLoadErrors,
      ...(told.cni ? { cni: told.cni } : {}),
    });
  },
};

const stored = cri.store?.records ?? [];

const metadata: Parser = {
  files: ['cri/store-metadata.ts', 'cri/store-records.ts'],
  name: "CRI's metadata in containerd's store",
  kind: 'json',
  samples: stored.slice(0, 3).map((record) => JSON.stringify(record.metadata)),
  count: 4000,
  // What is wrong becomes a problem that names the record.
  refuses: (error) => error instanceof Error && !(error instanceof TypeError),
  parse(_, sent) {
    for (const kind of ['sandbox', 'container'] as const) {
      const told = storeMetadata(sent, kind);
      must(runtimeShapes.storeContainers, [{ ...told, id: '', kind, image: '', createdAt: 0 }]);
    }
  },
};

const verbose: Parser = {
  files: ['sandbox/canary/pod-status.ts'],
  name: 'the verbose part of what a runtime says of a sandbox',
  kind: 'json',
  samples: [
    Object.values(cri.sandboxStatus)
      .map((answer) => (answer as { info?: Record<string, string> }).info?.info ?? '')
      .find((text) => text.length > 2) ?? '{"pid":12}',
    '{"pid":412,"runtimeSpec":{"linux":{"namespaces":[{"type":"network","path":"/run/netns/cni-1"}]}}}',
  ],
  count: 2000,
  parse(text) {
    const { pid, pin } = verboseOf(text);
    must(record<{ pid: number; pin: string }>({ pid: whole, pin: textShape }), { pid, pin });
  },
};

export const CRI: readonly Parser[] = [...answers, any, info, metadata, verbose];
