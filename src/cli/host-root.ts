import fs from 'node:fs';
import path from 'node:path';

/** Where `kubectl debug node` mounts the node's root folder. */
const DEBUG_ROOT = '/host';
const NODE_SIGNS = ['run/containerd', 'run/crio', 'var/lib/kubelet'];

/** What is looked at; paths of this machine. */
export interface RootProbe {
  exists(path: string): boolean;
  /** `device:inode`, or null when it cannot be read. */
  identity(path: string): string | null;
}

const realProbe: RootProbe = {
  exists: (p) => fs.existsSync(p),
  identity(p) {
    try {
      const { dev, ino } = fs.statSync(p);
      return `${dev}:${ino}`;
    } catch {
      return null;
    }
  },
};

/**
 * The folder where the node's root is: '/host' inside a debug pod, else ''.
 * The folder must look like a node with its own /proc, and must not be the root that we are in anyway.
 */
export function findHostRoot(probe: RootProbe = realProbe): string {
  const there = (p: string) => probe.exists(path.join(DEBUG_ROOT, p));
  if (!there('proc/1') || !there('etc/os-release') || !NODE_SIGNS.some(there)) return '';
  const own = probe.identity('/');
  // A pod without the right to trace may not read it; that alone says nothing.
  const init = probe.identity('/proc/1/root/');
  return init === own || probe.identity(DEBUG_ROOT) === own ? '' : DEBUG_ROOT;
}
