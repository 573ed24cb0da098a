import type { DaemonKind } from './facts.ts';

/** A pids controller. Null max: it limits nothing. */
export interface PidsCgroup {
  /** From the root of the hierarchy. */
  path: string;
  /** `runtime`: that daemon and its shims are in it or below. `pods`: all pods are. */
  holds: 'runtime' | 'pods';
  /** The daemon's; null for pods. */
  pid: number | null;
  used: number;
  max: number | null;
}

/** Open files of a runtime daemon against its soft limit; null max: unlimited. */
export interface OpenFiles {
  kind: DaemonKind;
  pid: number;
  openFiles: number;
  maxOpenFiles: number | null;
}

/** The file system that a folder of the runtime is on. Several folders may be on one. */
export interface Filesystem {
  /** Folder that was asked about. */
  path: string;
  purpose: 'images' | 'state' | 'run' | 'cni';
  /** As in mountinfo; '' where the mounts could not be read. */
  mountPoint: string;
  fsType: string;
  /** Bytes; free is what an ordinary process may still take. */
  size: number;
  free: number;
  /** 0 to 100, as df counts: without what is kept back for root. */
  usedPercent: number;
  inodes: number;
  inodesFree: number;
  /** 0 to 100; null where inodes are made as they are needed. */
  inodesUsedPercent: number | null;
  readOnly: boolean;
}

/** What runs out on a node: how much of it is used, and where it ends. */
export interface LimitsFact {
  /** Threads of the node against kernel.pid_max and kernel.threads-max; null where the kernel does not tell. */
  threads: { used: number; pidMax: number; threadsMax: number } | null;
  cgroups: PidsCgroup[];
  daemons: OpenFiles[];
  filesystems: Filesystem[];
}
