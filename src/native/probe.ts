import type { NsId } from '../model/namespace.ts';
import { flag, list, matching, oneOf, record, type Shape, text, whole } from '../model/shape.ts';
import { callHelper, type HelperOptions, linesWith } from './helper.ts';
import { type Native, type NativeProblem, nativeProblem } from './problem.ts';

type Family = 'inet' | 'inet6';
type Scope = 'global' | 'site' | 'link' | 'host' | 'other';

export interface Link {
  index: number;
  /** May hold any bytes: escape it before it is shown. */
  name: string;
  /** '' for links without one. */
  mac: string;
  mtu: number;
  up: boolean;
  running: boolean;
  loopback: boolean;
  /** veth, bridge, macvlan, ...; '' for physical ones and lo. */
  kind: string;
  /** Of a veth pair: index of the other end, in the namespace that peerNetnsId names; 0: none. */
  peerIndex: number;
  /** -1: in this namespace. */
  peerNetnsId: number;
  /** Index of the bridge or bond that it is in; 0: none. */
  master: number;
}

export interface Address {
  /** Index of the link. */
  link: number;
  family: Family;
  address: string;
  prefix: number;
  scope: Scope;
}

/** A route of table main. */
export interface Route {
  family: Family;
  /** With prefix length; the default route is 0.0.0.0/0 or ::/0. */
  destination: string;
  /** '' for none. */
  gateway: string;
  /** Preferred source address; '' for none. */
  source: string;
  /** Index of the link; 0 for routes over several. */
  link: number;
  metric: number;
  scope: Scope;
}

/** A TCP socket that waits for connections, or one of UDP without a peer. */
export interface Listener {
  protocol: 'tcp' | 'udp';
  family: Family;
  address: string;
  port: number;
  /** The socket, as /proc/PID/fd shows it; 0: it has lost its file. */
  inode: number;
}

export interface Network {
  path: string;
  id: NsId;
  links: Link[];
  addresses: Address[];
  routes: Route[];
  listeners: Listener[];
}

/** What is in one namespace, or why that could not be seen. */
export type Probed = { path: string; network: Network | null; problem: NativeProblem | null };

const family = oneOf<Family>('inet', 'inet6');
const scope = oneOf<Scope>('global', 'site', 'link', 'host', 'other');

const network: Shape<Network> = record<Network>({
  path: text,
  id: matching<NsId>('a namespace as device:inode', /^\d+:\d+$/),
  links: list(
    record<Link>({
      index: whole,
      name: text,
      mac: text,
      mtu: whole,
      up: flag,
      running: flag,
      loopback: flag,
      kind: text,
      peerIndex: whole,
      peerNetnsId: whole,
      master: whole,
    }),
  ),
  addresses: list(record<Address>({ link: whole, family, address: text, prefix: whole, scope })),
  routes: list(
    record<Route>({
      family,
      destination: text,
      gateway: text,
      source: text,
      link: whole,
      metric: whole,
      scope,
    }),
  ),
  listeners: list(
    record<Listener>({ protocol: oneOf('tcp', 'udp'), family, address: text, port: whole, inode: whole }),
  ),
});
const trouble = record<{ path: string; problem: { code: string; message: string; errno: number } }>({
  path: text,
  problem: record<{ code: string; message: string; errno: number }>({
    code: text,
    message: text,
    errno: whole,
  }),
});

/**
 * Links, addresses, routes and listening sockets of network namespaces (pins or /proc/PID/ns/net), in the
 * order asked for, all by one process. One that cannot be seen does not stop the others.
 * `user`: a user namespace to enter first, for sandboxes made without root. `udp`: sockets of UDP too;
 * `listeners` false: no sockets at all, which is many times as fast.
 */
export async function probeNetworks(
  paths: readonly string[],
  {
    user,
    udp = false,
    listeners = true,
    ...options
  }: HelperOptions & { user?: string; udp?: boolean; listeners?: boolean } = {},
): Promise<Native<Probed[]>> {
  if (paths.length === 0) return { ok: true, value: [] };
  const args = [
    ...(user === undefined ? [] : ['--user', user]),
    ...(udp ? ['--udp'] : []),
    ...(listeners ? [] : ['--no-listeners']),
    '--',
    ...paths,
  ];
  const lines = await callHelper('probe', args, options);
  if (!lines.ok) return lines;
  const seen = linesWith('id', network, lines.value);
  const unseen = linesWith('problem', trouble, lines.value);
  if (!seen.ok) return seen;
  if (!unseen.ok) return unseen;
  return { ok: true, value: paths.map((path) => probedAt(path, seen.value, unseen.value)) };
}

function probedAt(
  path: string,
  seen: readonly Network[],
  unseen: readonly { problem: { code: string; message: string; errno: number }; path: string }[],
): Probed {
  const found = seen.find((n) => n.path === path);
  if (found) return { path, network: found, problem: null };
  const why = unseen.find((u) => u.path === path)?.problem;
  const told = nativeProblem(
    why?.code ?? 'failed',
    `cannot look into ${path}: ${why?.message ?? 'no answer'}`,
    why?.errno,
  );
  return { path, network: null, problem: told };
}
