import type { NsId } from './namespace.ts';
import type { ProcessIdentity } from './plan.ts';

/** A namespace that podctl made: where it is pinned and what it is. Null id: not made yet. */
export interface PinnedNamespace {
  path: string;
  ns: NsId | null;
}

/** A port of the host that leads into the sandbox. */
export interface PortMapping {
  hostPort: number;
  containerPort: number;
  protocol: 'tcp' | 'udp' | 'sctp';
  hostIp: string;
}

/** Loopback only, or a CNI network whose configuration list was copied when the sandbox was made. */
export type NetworkSpec =
  | { kind: 'none' }
  | {
      kind: 'cni';
      name: string;
      /** Where the list was read; '' for podctl's own default network. */
      file: string;
      /** The list as JSON text: DEL must work after the file is gone. May hold secrets. */
      conflist: string;
      /** Folders that are searched for plugin binaries, in order. */
      binDirs: string[];
    };

/** What the user asked for. Kept as asked, so that repair can make it again. */
export interface SandboxSpec {
  hostname: string;
  /** What CRI calls the pod's metadata, beside its name. */
  pod: { namespace: string; uid: string; attempt: number };
  network: NetworkSpec;
  sharePid: boolean;
  sysctls: Record<string, string>;
  dns: { servers: string[]; searches: string[]; options: string[] };
  ports: PortMapping[];
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** A network attachment of a sandbox. DEL is owed from the moment that ADD may have begun. */
export interface Attachment {
  network: string;
  ifName: string;
  /** `begun` until the result is written down. */
  state: 'begun' | 'attached';
  /** Addresses with prefix length, e.g. 10.87.0.2/24. */
  addresses: string[];
  /** Interfaces that ADD made, in the sandbox and on the host. */
  interfaces: { name: string; mac: string; inside: boolean }[];
  /** Routes in the sandbox; `gw` null: the plugins did not say. */
  routes: { dst: string; gw: string | null }[];
  /** The result of ADD, as the plugins gave it; null until then. */
  result: Record<string, unknown> | null;
}

/** How a container ended. */
export interface ContainerExit {
  /** As a shell gives it: 128 + signal when a signal ended it. */
  exitCode: number;
  /** 0: none. */
  signal: number;
  /** RFC 3339. */
  finishedAt: string;
}

/** A container that podctl started in a sandbox. */
export interface ContainerRecord {
  name: string;
  /** Empty where the bundle says it. */
  command: string[];
  /** '' for /, or where the bundle says it. */
  cwd: string;
  env: string[];
  /** '' for the root file system of the host. */
  rootfs: string;
  /** OCI bundle folder, run by the program `runtime`; '' for a plain process. */
  bundle: string;
  runtime: string;
  /** The first process; null before it started. */
  process: ProcessIdentity | null;
  /** podctl-ns that stays as its parent; null for containers in the foreground. */
  parent: ProcessIdentity | null;
  /** In CRI's log format; '' for containers in the foreground. */
  log: string;
  /** Where the parent writes how it ended. */
  exitFile: string;
  /** 0 before it started. */
  startedAt: number;
  /** How a container in the foreground ended. */
  exit: ContainerExit | null;
}

/** Intent and identity of one sandbox of podctl's own. The state is always read again. */
export interface SandboxRecord {
  schema: 'podctl.sandbox/v1';
  /** 64 hex digits. */
  id: string;
  name: string;
  /** Goes up by one with every write. */
  revision: number;
  phase: 'creating' | 'ready' | 'stopped' | 'removing';
  createdAt: number;
  bootId: string;
  /** False: made in a user namespace, without pins. */
  privileged: boolean;
  spec: SandboxSpec;
  net: PinnedNamespace;
  ipc: PinnedNamespace;
  uts: PinnedNamespace;
  pause: ProcessIdentity | null;
  attachment: Attachment | null;
  containers: ContainerRecord[];
}
