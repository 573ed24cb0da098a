import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import type { LookOptions } from '../../src/collect/collector.ts';
import {
  CgroupDriver,
  ListContainersResponseSchema,
  ListImagesResponseSchema,
  ListPodSandboxResponseSchema,
  PodSandboxStatusResponseSchema,
  StatusResponseSchema,
} from '../../src/cri/gen/cri_pb.js';
import { Status as TaskStatus } from '../../src/cri/gen/tasks_pb.js';
import { createReadHost, type ReadHost } from '../../src/host/read-host.ts';
import { type CriAnswers, serveCri } from '../support/fake-cri.ts';

export const CAPTURES = [
  'containerd-1.6',
  'containerd-1.7',
  'containerd-2.1',
  'crio-1.37',
  'crio-1.37-with-infra',
  'kubelet-1.36-on-containerd-1.7',
  'kubelet-1.36-on-crio',
] as const;

export type CaptureName = (typeof CAPTURES)[number];

interface StoredRecord {
  id: string;
  kind: 'sandbox' | 'container';
  image: string;
  createdAt: string;
  metadata: JsonValue;
}

export interface RecordedSandbox {
  id: string;
  createdAt: string;
  state: string;
  metadata: { name: string; namespace: string; uid: string; attempt: number };
}

/** A recorded node. Times of CRI are nanoseconds since 1970, in text. */
export interface Capture {
  name: string;
  notes: string[];
  /** Seconds: boot since 1970, moment of capture since boot. */
  clock: { bootTime: number; uptime: number };
  files: Record<string, string>;
  links: Record<string, string>;
  /** What kubelet answered at /pods, where one ran. */
  kubeletPods?: JsonValue;
  /** Null: no runtime that speaks CRI, but podman. */
  cri: {
    version: { version: string; runtimeName: string; runtimeVersion: string; runtimeApiVersion: string };
    runtimeConfig: 'SYSTEMD' | 'CGROUPFS' | null;
    status: JsonValue;
    sandboxes: { items: RecordedSandbox[] };
    containers: { containers: { id: string; podSandboxId: string; createdAt: string }[] };
    images: JsonValue;
    sandboxStatus: Record<string, JsonValue>;
    store: {
      records: StoredRecord[];
      tasks: { id: string; pid: number }[];
      sandboxes: string[] | null;
    } | null;
  } | null;
}

/** One of a runtime that speaks CRI. */
export type CriCapture = Capture & { cri: NonNullable<Capture['cri']> };

/** A capture laid out: a host tree with a runtime that answers at its socket. */
export interface LoadedNode {
  host: ReadHost;
  look: LookOptions;
  close(): Promise<void>;
}

/** Device of namespace files in the recorded sets. */
const NS_DEVICE = 4;

export function readCapture(name: CaptureName): CriCapture {
  return read(name) as CriCapture;
}

/** The node with podman and no runtime. */
export function readPodmanCapture(): Capture {
  return read('podman-4.3');
}

function read(name: string): Capture {
  return JSON.parse(fs.readFileSync(path.join(import.meta.dirname, `${name}.json`), 'utf8'));
}

/** Lays a capture out below a new temporary folder, as if it had been taken just now. */
export async function loadCapture(capture: Capture): Promise<LoadedNode> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-node-'));
  const bootTime = Math.floor(Date.now() / 1000 - capture.clock.uptime);
  const shift = BigInt(bootTime - capture.clock.bootTime) * 1_000_000_000n;
  layOut(root, capture, bootTime);
  const server = capture.cri && (await serve(root, capture.cri, shift));
  return {
    host: createReadHost(root, { nsDevice: NS_DEVICE }),
    look: { env: {}, rpcTimeoutMs: 10_000 },
    async close() {
      await server?.close();
      fs.rmSync(root, { recursive: true });
    },
  };
}

function serve(root: string, cri: CriCapture['cri'], shift: bigint) {
  const socket = cri.store === null ? '/run/crio/crio.sock' : '/run/containerd/containerd.sock';
  fs.mkdirSync(path.join(root, path.dirname(socket)), { recursive: true });
  return serveCri(path.join(root, socket), recordedAnswers(cri, shift));
}

function layOut(root: string, capture: Capture, bootTime: number): void {
  const old = bootTime + 60;
  for (const folder of ['/run/netns', '/run/ipcns', '/run/utsns']) fs.mkdirSync(root + folder, { recursive: true });
  const clock = {
    '/proc/uptime': `${capture.clock.uptime}.00 0.00\n`,
    '/proc/stat': `cpu  0 0 0 0 0 0 0 0 0 0\nbtime ${bootTime}\n`,
    // The sets leave out what is the machine's own.
    '/etc/resolv.conf': 'nameserver 192.0.2.53\n',
  };
  for (const [file, text] of Object.entries({ ...capture.files, ...clock })) {
    fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    fs.writeFileSync(root + file, text);
    fs.utimesSync(root + file, old, old);
  }
  // They leave out programs as well; all were Debian's.
  for (const plugin of ['bridge', 'host-local', 'loopback', 'portmap']) {
    fs.mkdirSync(`${root}/usr/lib/cni`, { recursive: true });
    fs.writeFileSync(`${root}/usr/lib/cni/${plugin}`, '#!/bin/sh\n', { mode: 0o755 });
  }
  for (const [link, target] of Object.entries(capture.links)) {
    fs.mkdirSync(path.join(root, path.dirname(link)), { recursive: true });
    fs.symlinkSync(target, root + link);
  }
}

function recordedAnswers(cri: CriCapture['cri'], shift: bigint): CriAnswers {
  const moved = <T extends { createdAt: string }>(list: T[]): T[] =>
    list.map((o) => ({ ...o, createdAt: String(BigInt(o.createdAt) + shift) }));
  const lenient = { ignoreUnknownFields: true };
  const items: JsonValue = { items: moved(cri.sandboxes.items).map((one) => ({ ...one })) };
  const containers: JsonValue = { containers: moved(cri.containers.containers) };
  return {
    version: cri.version,
    status: fromJson(StatusResponseSchema, cri.status, lenient),
    sandboxes: fromJson(ListPodSandboxResponseSchema, items, lenient),
    containers: fromJson(ListContainersResponseSchema, containers, lenient),
    images: fromJson(ListImagesResponseSchema, cri.images, lenient),
    sandboxStatus: (id) => fromJson(PodSandboxStatusResponseSchema, cri.sandboxStatus[id] ?? {}, lenient),
    ...(cri.runtimeConfig === null
      ? {}
      : { runtimeConfig: { linux: { cgroupDriver: CgroupDriver[cri.runtimeConfig] } } }),
    ...storeAnswers(cri.store, shift),
  };
}

function storeAnswers(store: CriCapture['cri']['store'], shift: bigint): CriAnswers {
  if (store === null) return {};
  return {
    stored: { containers: store.records.map((record) => storedContainer(record, shift)) },
    tasks: { tasks: store.tasks.map(({ id, pid }) => ({ id, pid, status: TaskStatus.RUNNING })) },
    ...(store.sandboxes === null
      ? {}
      : { storedSandboxes: { list: store.sandboxes.map((sandboxId) => ({ sandboxId })) } }),
  };
}

function storedContainer({ id, kind, image, createdAt, metadata }: StoredRecord, shift: bigint) {
  const time = BigInt(createdAt) + shift;
  return {
    id,
    image,
    labels: { 'io.cri-containerd.kind': kind },
    createdAt: { seconds: time / 1_000_000_000n, nanos: Number(time % 1_000_000_000n) },
    extensions: {
      [`io.cri-containerd.${kind}.metadata`]: {
        typeUrl: `github.com/containerd/cri/pkg/store/${kind}/Metadata`,
        value: new TextEncoder().encode(JSON.stringify(metadata)),
      },
    },
  };
}
