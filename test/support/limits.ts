import type { Filesystem, LimitsFact } from '../../src/model/facts.ts';

const GIB = 1024 ** 3;

/** A disk and a /run on which there is room. */
export function filesystem(path: string, purpose: Filesystem['purpose'], mountPoint: string): Filesystem {
  return {
    path,
    purpose,
    mountPoint,
    fsType: mountPoint === '/run' ? 'tmpfs' : 'ext4',
    size: 100 * GIB,
    free: 60 * GIB,
    usedPercent: 40,
    inodes: 6_000_000,
    inodesFree: 5_000_000,
    inodesUsedPercent: 16.6,
    readOnly: false,
  };
}

/** What an ordinary node uses. */
export function ordinaryLimits(): LimitsFact {
  return {
    threads: { used: 900, pidMax: 4_194_304, threadsMax: 126_000 },
    cgroups: [
      { path: '/system.slice/containerd.service', holds: 'runtime', pid: 100, used: 60, max: null },
      { path: '/kubepods', holds: 'pods', pid: null, used: 40, max: 14_000 },
    ],
    daemons: [{ kind: 'containerd', pid: 100, openFiles: 40, maxOpenFiles: 1_048_576 }],
    filesystems: [
      filesystem('/var/lib/containerd', 'images', '/'),
      filesystem('/run/containerd', 'state', '/run'),
      filesystem('/run/netns', 'run', '/run'),
      filesystem('/var/lib/cni', 'cni', '/'),
    ],
  };
}
