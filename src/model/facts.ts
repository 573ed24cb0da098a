import type { CanaryFact } from './canary-facts.ts';
import type { CniFacts } from './cni-facts.ts';
import type { CniFolders, RuntimeConfigFact } from './config-facts.ts';
import type { FirewallFact } from './firewall-facts.ts';
import type { Image, ImageStoreFact, PauseContentFact } from './image-facts.ts';
import type { AbstractSocket, MemoryKill, Reaper } from './kernel-facts.ts';
import type { KubeletConfigFact } from './kubelet-config-facts.ts';
import type { LimitsFact } from './limits-facts.ts';
import type { RuntimeLog } from './log-facts.ts';
import type { NsId, NsType } from './namespace.ts';
import type { NodeImageFact } from './node-image-facts.ts';
import type { OwnConfigFact } from './own-config-facts.ts';
import type { OwnSandbox } from './own-facts.ts';
import type { KubeletFact, PodCgroup, PodOwnersFact } from './owner-facts.ts';
import type { PauseVersionsFact } from './pause-version-facts.ts';
import type { PinsFact } from './pin-facts.ts';
import type { Process } from './process-facts.ts';
import type { StallsFact } from './stall-facts.ts';
import type { CriDockerdFact, CrioStorageFact, PodmanFact } from './storage-facts.ts';
import type { StoreFact, StoreRecord, Task } from './store-facts.ts';

export type * from './canary-facts.ts';
export type * from './cni-facts.ts';
export type * from './cni-plugin-facts.ts';
export type * from './config-facts.ts';
export type * from './firewall-facts.ts';
export type * from './image-facts.ts';
export type * from './kernel-facts.ts';
export type * from './kubelet-config-facts.ts';
export type * from './limits-facts.ts';
export type * from './log-facts.ts';
export type * from './node-image-facts.ts';
export type * from './own-config-facts.ts';
export type * from './own-facts.ts';
export type * from './owner-facts.ts';
export type * from './pause-version-facts.ts';
export type * from './pin-facts.ts';
export type * from './process-facts.ts';
export type * from './stall-facts.ts';
export type * from './storage-facts.ts';
export type * from './store-facts.ts';

/** The machine. Times are milliseconds since 1970 unless a name says otherwise. */
export interface HostFact {
  hostname: string;
  kernel: string;
  arch: string;
  bootId: string | null;
  /** Wall clock of boot, from btime in /proc/stat. */
  bootTime: number;
  /** Seconds since boot when the fact was read, from /proc/uptime. */
  uptime: number;
  /** Wall clock when the fact was read. */
  now: number;
  /** Clock ticks a second of process start times (AT_CLKTCK; 100 on every Linux in use). */
  ticksPerSecond: number;
  cgroup: 'v1' | 'hybrid' | 'v2' | 'none';
  /** Ids of the namespaces that podctl itself is in; null where the link could not be read. */
  self: Record<NsType, NsId | null>;
  /** Ids of PID 1's namespaces; null where the kernel refuses (even to root, in some virtual machines). */
  init: Record<NsType, NsId | null>;
}

export type DaemonKind = 'containerd' | 'crio' | 'cri-dockerd' | 'kubelet' | 'dockerd';

/** A runtime daemon or kubelet that runs. Only the flags named here are kept: others may hold secrets. */
export interface Daemon {
  kind: DaemonKind;
  pid: number;
  startTicks: number;
  /** Process state letter of /proc/PID/stat: R S D T t Z X. */
  state: string;
  exe: string;
  mnt: NsId | null;
  /** Known flags by long name without dashes, e.g. config, root, state, address. */
  flags: Record<string, string>;
}

export interface EndpointCandidate {
  /** Path of the socket as the node knows it (without the host root prefix). */
  path: string;
  source: 'flag' | 'environment' | 'crictl.yaml' | 'well-known' | 'daemon';
  /** What is at the path now. */
  state: 'socket' | 'missing' | 'not-a-socket' | 'denied';
}

/** Where CRI is spoken, in the order in which crictl would try. */
export interface EndpointsFact {
  chosen: EndpointCandidate | null;
  candidates: EndpointCandidate[];
  /** Signs that a runtime belongs on this node although nothing answers: files, units, sockets, shims. */
  traces: { path: string; what: string }[];
}

/** What answered at the endpoint. */
export interface RuntimeFact {
  endpoint: string;
  name: string;
  version: string;
  apiVersion: string;
  conditions: { type: string; status: boolean; reason: string; message: string }[];
  /** From Status(verbose).info.config, where the runtime shows it; null on containerd 2.x. */
  sandboxImage: string | null;
  /** Root and state folders of the runtime, where it shows them. */
  rootDir: string | null;
  stateDir: string | null;
  cgroupDriver: 'systemd' | 'cgroupfs' | null;
  /** containerd's lastCNILoadStatus values other than OK. */
  cniLoadErrors: string[];
  /** CNI folders in force, where the runtime shows them. */
  cni?: CniFolders;
  /** Networks that it has loaded, its loopback among them, where it shows them. */
  cniNetworks?: { name: string; cniVersion: string }[];
  /** It brings up the loopback itself, where it shows that. */
  internalLoopback?: boolean;
}

export interface SandboxMeta {
  name: string;
  namespace: string;
  uid: string;
  attempt: number;
}

/** One pod sandbox, as the runtime lists it, or one of podctl's own. */
export interface Sandbox extends SandboxMeta {
  id: string;
  state: 'ready' | 'notready';
  /** Milliseconds since 1970; negative for records that lost their time. */
  createdAt: number;
  runtimeHandler: string;
  /** Set for podctl's own; else it is one of the runtime that speaks CRI. */
  provider?: 'podctl';
}

/** One CRI container, as listed. */
export interface Container {
  id: string;
  sandboxId: string;
  name: string;
  attempt: number;
  state: 'created' | 'running' | 'exited' | 'unknown';
  createdAt: number;
  /** As the user named it, and as the runtime resolved it. */
  image: string;
  imageRef: string;
}

/** The folder in which a runtime keeps one container's live state. */
export interface Bundle {
  id: string;
  /** containerd's namespace; empty for CRI-O; `podctl` for podctl's own. */
  namespace: string;
  dir: string;
  role: 'sandbox' | 'container' | null;
  sandboxId: string | null;
  /** `attempt` is 0 where neither the bundle nor the list of sandboxes tells it. */
  meta: SandboxMeta | null;
  containerName: string | null;
  /** Process that the runtime wrote down as init of a sandbox; null for app containers and where there is no file. */
  initPid: number | null;
  /** Namespace entries of config.json: path to join, '' for a new one, key absent for the host's. Null: unread. */
  namespaces: Partial<Record<NsType, string>> | null;
}

/** A process that listens on a socket file (or on an abstract name, which begins with @). */
export interface SocketOwner {
  path: string;
  pid: number;
}

export interface Facts extends CniFacts {
  /** Of a node image alone. */
  nodeImage: NodeImageFact;
  host: HostFact;
  daemons: Daemon[];
  endpoints: EndpointsFact;
  runtimeConfig: RuntimeConfigFact;
  pins: PinsFact;
  firewall: FirewallFact;
  cgroups: PodCgroup[];
  runtime: RuntimeFact;
  sandboxes: Sandbox[];
  containers: Container[];
  images: Image[];
  store: StoreFact;
  /** Records of app containers in containerd's own store. */
  storeContainers: StoreRecord[];
  /** containerd asks every shim for this: one that is stopped holds up the answer. */
  tasks: Task[];
  ownSandboxes: OwnSandbox[];
  processes: Process[];
  /** Of PID namespaces that containers share. */
  reapers: Reaper[];
  abstractSockets: AbstractSocket[];
  /** In sandboxes that the runtime lists as not ready. */
  memoryKills: MemoryKill[];
  bundles: Bundle[];
  sockets: SocketOwner[];
  limits: LimitsFact;
  stalls: StallsFact;
  kubelet: KubeletFact;
  pauseVersions: PauseVersionsFact;
  kubeletConfig: KubeletConfigFact;
  podOwners: PodOwnersFact;
  /** What runtime daemons said, of a closed list of things. */
  runtimeLog: RuntimeLog[];
  imageStore: ImageStoreFact;
  pauseContent: PauseContentFact;
  /** What CRI-O finds at its next start. */
  crioStorage: CrioStorageFact;
  podman: PodmanFact;
  criDockerd: CriDockerdFact;
  /** Of `doctor --active` alone. */
  canary: CanaryFact;
  /** podctl's own configuration and the checks of others, as they were used to judge; absent where there are none. */
  ownConfig: OwnConfigFact;
}

export type FactName = keyof Facts;
