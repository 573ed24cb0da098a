import type { Process } from '../model/facts.ts';
import { type NsId, nsLink } from '../model/namespace.ts';
import type {
  InterfaceReport,
  ListenerReport,
  NetnsReport,
  NetworkLooked,
  PublishedPort,
  SocketHolder,
} from '../model/netns-report.ts';
import { containerTitle } from './pod-tree.ts';
import type { PodView } from './pod-view.ts';
import { listenerConflicts, publishedConflicts } from './port-conflicts.ts';
import { byPid } from './process.ts';

/** What was looked at for one pod. */
export interface NetnsLook {
  pod: PodView;
  pods: readonly PodView[];
  ns: NsId;
  seenAt: string;
  inside: NetworkLooked;
  /** The node's own network; null where it was not seen. */
  host: NetworkLooked | null;
  processes: Process[];
  /** Pids of the processes that hold a socket, by its inode. */
  holders: ReadonlyMap<number, readonly number[]>;
  /** Published ports by sandbox id. */
  published: ReadonlyMap<string, readonly PublishedPort[]>;
}

/** Interfaces, routes, listening sockets and port conflicts of a pod. */
export function netnsReport(look: NetnsLook): NetnsReport {
  const { pod, inside, host, ns, seenAt } = look;
  const usesHost = pod.hostNetwork === true;
  const all = inside.listeners.map((l) => ({ ...l, holders: holdersOf(look, l.inode) }));
  const own = new Set(pod.containers.map((c) => c.name));
  const listeners = usesHost ? all.filter((l) => l.holders.some((h) => own.has(h.container))) : all;
  const node: ListenerReport[] = usesHost
    ? []
    : (host?.listeners ?? []).map((l) => ({ ...l, holders: holdersOf(look, l.inode) }));
  const published = [...(look.published.get(pod.id) ?? [])];
  const others = look.pods
    .filter((p) => p.id !== pod.id)
    .map((p) => ({ title: p.title, ports: look.published.get(p.id) ?? [] }));
  return {
    pod: { id: pod.id, title: pod.title },
    netns: { id: nsLink('net', ns), path: pod.netnsPath, host: usesHost, seenAt },
    interfaces: inside.links.map((link) => interfaceReport(link, inside, usesHost ? null : host)),
    routes: inside.routes.map(({ destination, gateway, link, source, metric }) => ({
      destination,
      gateway,
      interface: inside.links.find((l) => l.index === link)?.name ?? '',
      source,
      metric,
    })),
    listeners: listeners.map(({ protocol, address, port, inode, holders }) => ({
      protocol,
      address,
      port,
      inode,
      holders,
    })),
    published,
    conflicts: [...listenerConflicts(listeners), ...publishedConflicts(published, listeners, others, node)],
    restarting: restartingOf(pod),
  };
}

function interfaceReport(
  link: NetworkLooked['links'][number],
  { addresses }: NetworkLooked,
  host: NetworkLooked | null,
): InterfaceReport {
  const { name, kind, mac, mtu, up, index } = link;
  return {
    name,
    kind,
    mac,
    mtu,
    up,
    addresses: addresses.filter((a) => a.link === index).map((a) => `${a.address}/${a.prefix}`),
    hostEnd: hostEndOf(link, host),
  };
}

/** The two ends of a veth name each other. */
function hostEndOf(
  link: NetworkLooked['links'][number],
  host: NetworkLooked | null,
): InterfaceReport['hostEnd'] {
  const end =
    link.kind === 'veth' && link.peerIndex !== 0
      ? host?.links.find((l) => l.index === link.peerIndex && l.peerIndex === link.index && l.kind === 'veth')
      : undefined;
  if (!end) return null;
  const bridge = host?.links.find((l) => l.index === end.master);
  return { name: end.name, up: end.up, bridge: bridge?.name ?? '', bridgeUp: bridge?.up ?? false };
}

function holdersOf({ pod, pods, processes, holders }: NetnsLook, inode: number): SocketHolder[] {
  const known = byPid(processes);
  return (holders.get(inode) ?? []).flatMap((pid) => {
    const process = known.get(pid);
    if (!process) return [];
    const id = process.containerId;
    const mine = pod.containers.find((c) => c.id === id);
    return [{ pid, comm: process.comm, container: mine?.name ?? containerTitle(pods, id) }];
  });
}

/** Ended after at least one restart, and nothing of that name runs. */
function restartingOf({ containers }: PodView): string[] {
  const runs = new Set(containers.filter((c) => c.state === 'running').map((c) => c.name));
  const ended = containers.filter((c) => c.state === 'exited' && c.attempt > 0 && !runs.has(c.name));
  return [...new Set(ended.map((c) => c.name))];
}
