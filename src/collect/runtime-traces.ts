import type { ReadHost } from '../host/read-host.ts';
import type { Daemon, DaemonKind, EndpointCandidate, EndpointsFact } from '../model/facts.ts';

type Trace = EndpointsFact['traces'][number];

const FILES: readonly Trace[] = [
  { path: '/etc/containerd/config.toml', what: 'configuration of containerd' },
  { path: '/etc/crio', what: 'configuration of CRI-O' },
  ...['/usr/bin', '/usr/local/bin', '/usr/sbin'].flatMap((folder) =>
    ['containerd', 'crio'].map((name) => ({ path: `${folder}/${name}`, what: `program ${name}` })),
  ),
  ...['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'].flatMap((folder) =>
    ['containerd.service', 'crio.service'].map((name) => ({
      path: `${folder}/${name}`,
      what: `unit ${name}`,
    })),
  ),
];

export const RUNTIME_KINDS: readonly DaemonKind[] = ['containerd', 'crio', 'cri-dockerd'];

/** Signs that a runtime belongs on the node, whether it answers or not. */
export function runtimeTraces(host: ReadHost, daemons: Daemon[], candidates: EndpointCandidate[]): Trace[] {
  return [
    ...daemons
      .filter((d) => RUNTIME_KINDS.includes(d.kind))
      .map((d) => ({ path: `/proc/${d.pid}`, what: `${d.kind} runs` })),
    ...candidates.filter((c) => c.state === 'socket').map((c) => ({ path: c.path, what: 'socket' })),
    ...FILES.filter((f) => exists(host, f.path)),
  ];
}

function exists(host: ReadHost, path: string): boolean {
  try {
    host.stat(path);
    return true;
  } catch {
    return false;
  }
}
