import type { EndpointsFact, HostFact, NetworksFact, PinsFact } from '../model/facts.ts';
import { runPath } from './process.ts';

/** Sockets that crictl and ctr find by themselves. */
const FOUND_BY_CRICTL = ['/run/containerd/containerd.sock', '/run/crio/crio.sock', '/run/cri-dockerd.sock'];
const FOUND_BY_CTR = '/run/containerd/containerd.sock';

/** A crictl command for the runtime that was looked at, with its socket where crictl would try another one. */
export function crictl(endpoints: EndpointsFact, ...args: string[]): string[] {
  const path = runPath(endpoints.chosen?.path ?? '');
  const first = endpoints.candidates.find(
    (c) => c.state === 'socket' && FOUND_BY_CRICTL.includes(runPath(c.path)),
  );
  const isFirst = first !== undefined && runPath(first.path) === path;
  const isConfigured =
    endpoints.chosen?.source === 'crictl.yaml' || endpoints.chosen?.source === 'environment';
  return path === '' || isFirst || isConfigured
    ? ['crictl', ...args]
    : ['crictl', '-r', `unix://${path}`, ...args];
}

/** A ctr command on CRI's objects in the containerd that was looked at. */
export function ctr(endpoints: EndpointsFact, ...args: string[]): string[] {
  const path = runPath(endpoints.chosen?.path ?? '');
  const address = path === '' || path === FOUND_BY_CTR ? [] : ['-a', path];
  return ['ctr', ...address, '-n', 'k8s.io', ...args];
}

/** podctl's removal of one kind of what was left behind, at the socket that was looked at. */
export function podctlGc({ chosen }: EndpointsFact, kind: string): string[] {
  // It finds what crictl would find, so only a socket that was named must be named again.
  const socket = chosen?.source === 'flag' ? ['-r', `unix://${runPath(chosen.path)}`] : [];
  return ['podctl', 'gc', kind, ...socket];
}

/** What makes one of podctl's own sandboxes again what its record says. */
export function repairOwn({ id, meta }: { id: string; meta: { name: string } | null }): string[] {
  return ['podctl', 'sandbox', 'repair', meta?.name ?? id];
}

/** A command in the mount namespace in which the runtime's pins are. */
export function amongPins({ seenBy }: PinsFact, ...args: string[]): string[] {
  return seenBy.what === 'runtime' ? ['nsenter', '-t', String(seenBy.pid), '-m', ...args] : args;
}

/** A command in the network namespace that the node's bridges and host ends are in, where that is not ours. */
export function onNode(
  { host, networks }: { host: HostFact; networks: NetworksFact },
  ...args: string[]
): string[] {
  const isOurs = host.self.net === null || host.self.net === networks.host.ns;
  return isOurs ? args : ['nsenter', `--net=${networks.host.path}`, ...args];
}
