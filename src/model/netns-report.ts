import type { NetworkSeen } from './network.ts';

/** A network namespace as it was looked into for people. */
export interface NetworkLooked extends NetworkSeen {
  links: (NetworkSeen['links'][number] & { mtu: number })[];
  routes: (NetworkSeen['routes'][number] & { source: string; metric: number })[];
  /** `inode` 0: the socket has lost its file. */
  listeners: { protocol: 'tcp' | 'udp'; address: string; port: number; inode: number }[];
}

/** A port of the node that a pod's network leads into the pod, as its CNI cache entry says. */
export interface PublishedPort {
  protocol: string;
  /** '' for every address of the node. */
  hostIp: string;
  hostPort: number;
  containerPort: number;
}

/** A process that holds a socket, and the container that it belongs to; '' for none of any pod. */
export interface SocketHolder {
  pid: number;
  comm: string;
  /** Name of the container where it is one of this pod; else `namespace/pod/container`. */
  container: string;
}

export interface ListenerReport {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
  inode: number;
  /** Empty: no process was found that holds it. */
  holders: SocketHolder[];
}

/** Two that want the same port, or a port that leads nowhere. */
export interface PortConflict {
  kind: 'shared' | 'split' | 'hidden' | 'hostPort' | 'nowhere';
  message: string;
}

export interface InterfaceReport {
  name: string;
  kind: string;
  mac: string;
  mtu: number;
  up: boolean;
  addresses: string[];
  /** The other end on the node, and the bridge that it is in ('' for none). Null: it has none, or none was seen. */
  hostEnd: { name: string; up: boolean; bridge: string; bridgeUp: boolean } | null;
}

/** What is in the network namespace of one pod. */
export interface NetnsReport {
  pod: { id: string; title: string };
  /** `seenAt`: where it was entered. `path`: its pin, '' for none. */
  netns: { id: string; path: string; host: boolean; seenAt: string };
  interfaces: InterfaceReport[];
  routes: { destination: string; gateway: string; interface: string; source: string; metric: number }[];
  /** Of a pod in the node's network: those that its own processes hold. */
  listeners: ListenerReport[];
  published: PublishedPort[];
  conflicts: PortConflict[];
  /** Containers that ended and were started before: nothing here tells which ports they wanted. */
  restarting: string[];
}

/** `*:80`, `127.0.0.1:80`, `[::1]:80` */
export function socketText({ address, port }: { address: string; port: number }): string {
  if (address === '0.0.0.0') return `*:${port}`;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
