import type { FactName } from './facts.ts';
import type { NsType } from './namespace.ts';

/** What it takes to show pods. */
export const POD_FACTS: readonly FactName[] = [
  'sandboxes',
  'containers',
  'processes',
  'endpoints',
  'runtime',
  'runtimeConfig',
  'bundles',
  'store',
  'pins',
  'ownSandboxes',
  'cniCache',
  'networks',
];

/** A namespace as readlink shows it: `net:[4026532177]`; '' where it could not be seen. */
export type NsLink = string;

/** One container of a pod. `unlisted`: a process alone says that it is there. */
export interface ContainerSummary {
  id: string;
  name: string;
  attempt: number;
  state: 'created' | 'running' | 'exited' | 'unknown' | 'unlisted';
  /** First process; null when none lives. */
  pid: number | null;
  image: string;
}

/** One pod of this node. Null where something could not be seen. */
export interface PodSummary {
  id: string;
  /** `namespace/name`, with the attempt when it is not the first; the short id where nobody knows the name. */
  title: string;
  metadata: { name: string; namespace: string; uid: string; attempt: number } | null;
  /** `unlisted`: the runtime's list lacks it. `unknown`: there was no list. */
  state: 'ready' | 'notready' | 'unlisted' | 'unknown';
  /** RFC 3339; '' where nobody tells. */
  createdAt: string;
  runtimeHandler: string;
  provider: 'runtime' | 'podctl';
  pause: { pid: number; startTicks: number } | null;
  shim: { pid: number } | null;
  /** `path`: its pin as recorded, '' for none. `host`: it uses the node's. */
  netns: { id: NsLink; path: string; host: boolean | null };
  /** With prefix length where the kernel was asked. */
  addresses: string[] | null;
  containers: ContainerSummary[];
}

/** A namespace that is another one than it should be, or than that of the container's first process. */
export interface Differing {
  type: NsType;
  ns: NsLink;
  /** `the node`, a pod's title, or '' where nobody is known to own it. */
  whose: string;
}

/** A process and what it started, among those of its container. */
export interface ProcessNode {
  pid: number;
  comm: string;
  state: string;
  namespaces: Partial<Record<NsType, NsLink>>;
  /** It left namespaces of the container's first process, as it may. */
  differs: Differing[];
  children: ProcessNode[];
}

export interface ContainerNode extends ContainerSummary {
  /** Namespaces that it should share with its sandbox, and does not. */
  differs: Differing[];
  /** False: it does not run, or its namespaces could not be read. */
  judged: boolean;
  processes: ProcessNode[];
}

/** Sandbox, pause, containers and processes of one pod. */
export interface PodTree extends Omit<PodSummary, 'containers'> {
  /** Of the sandbox, as its pause or its pins show them. */
  namespaces: Partial<Record<NsType, NsLink>>;
  pauseProcesses: ProcessNode[];
  containers: ContainerNode[];
  /** Processes in its network namespace that belong to none of its containers; `of`: whose else, '' for nobody's. */
  strangers: (ProcessNode & { of: string })[];
}
