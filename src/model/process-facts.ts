import type { NsId, NsType } from './namespace.ts';

/** CNI plugin call that is running now, from the plugin's environment (CNI_* alone is read). */
export interface CniCall {
  command: string;
  containerId: string;
  netns: string;
}

/** A containerd shim, from its command line. */
export interface ShimArgs {
  namespace: string;
  /** Sandbox id. */
  id: string;
  /** containerd's socket that it serves. */
  address: string;
}

/** What runc calls its process that waits to become the program of a container. */
export const RUNC_WAITS = 'runc:[2:INIT]';

/** One process; kernel threads are left out. */
export interface Process {
  pid: number;
  ppid: number;
  startTicks: number;
  state: string;
  comm: string;
  /** Path in the first hierarchy that names a container, else of the pids or unified hierarchy. */
  cgroup: string;
  /** 64 hex digits, from the cgroup; null when it names none. */
  containerId: string | null;
  /** Pod uid from the cgroup, with dashes as in the API; null when it names none. */
  podUid: string | null;
  /** Null: could not be read, as for zombies. Of cgroup, mnt, time and user: or not asked for, but by a snapshot. */
  ns: Record<NsType, NsId | null>;
  shim: ShimArgs | null;
  cni: CniCall | null;
}
