import type { ReadHost } from '../../host/read-host.ts';

/** Where a distribution of containerd keeps things when its command line does not say. */
export interface Layout {
  socket: string;
  file: string;
  root: string;
  state: string;
}

const PLAIN: Layout = {
  socket: '/run/containerd/containerd.sock',
  file: '/etc/containerd/config.toml',
  root: '/var/lib/containerd',
  state: '/run/containerd',
};

const LAYOUTS: readonly Layout[] = [
  PLAIN,
  ...['k3s', 'rke2'].map((name) => ({
    socket: '/run/k3s/containerd/containerd.sock',
    file: `/var/lib/rancher/${name}/agent/etc/containerd/config.toml`,
    root: `/var/lib/rancher/${name}/agent/containerd`,
    state: '/run/k3s/containerd',
  })),
  {
    socket: '/var/snap/microk8s/common/run/containerd.sock',
    file: '/var/snap/microk8s/current/args/containerd.toml',
    root: '/var/snap/microk8s/common/var/lib/containerd',
    state: '/var/snap/microk8s/common/run/containerd',
  },
  {
    socket: '/run/k0s/containerd.sock',
    file: '/etc/k0s/containerd.toml',
    root: '/var/lib/k0s/containerd',
    state: '/run/k0s/containerd',
  },
];

/** The layout that fits an endpoint, or without one the first whose file is there; the plain one else. */
export function layoutFor(host: ReadHost, endpoint: string | null): Layout {
  const fitting = LAYOUTS.filter(({ socket }) => endpoint === null || samePath(socket, endpoint));
  return fitting.find(({ file }) => isThere(host, file)) ?? fitting[0] ?? PLAIN;
}

/** True for anything at a path, a broken link as well: its reader says what is wrong. */
export function isThere(host: ReadHost, path: string): boolean {
  try {
    host.stat(path);
    return true;
  } catch {
    return false;
  }
}

/** /var/run is /run. */
export function samePath(a: string, b: string): boolean {
  return short(a) === short(b);
}

function short(path: string): string {
  return path.startsWith('/var/run/') ? path.slice(4) : path;
}
