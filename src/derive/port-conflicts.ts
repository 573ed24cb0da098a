import {
  type ListenerReport,
  type PortConflict,
  type PublishedPort,
  type SocketHolder,
  socketText,
} from '../model/netns-report.ts';

/** A pod's published ports, and whose they are. */
export interface Publisher {
  title: string;
  ports: readonly PublishedPort[];
}

const ANY_V4 = '0.0.0.0';
const ANY_V6 = '::';

/**
 * Ports that two containers of a pod share, or take from each other. Containers that failed to get a port are not
 * seen here: they do not listen.
 */
export function listenerConflicts(listeners: readonly ListenerReport[]): PortConflict[] {
  return listeners.flatMap((a, i) =>
    listeners.slice(i + 1).flatMap((b) => {
      if (a.protocol !== b.protocol || a.port !== b.port || !areDifferent(a, b)) return [];
      return conflictOf(a, b) ?? [];
    }),
  );
}

function conflictOf(a: ListenerReport, b: ListenerReport): PortConflict | null {
  const at = (one: ListenerReport) => `${socketText(one)} of ${nameOf(one)}`;
  if (a.address === b.address) {
    const message = `${nameOf(a)} and ${nameOf(b)} both listen on ${socketText(a)}: each gets a part of the traffic`;
    return { kind: 'shared', message };
  }
  if (isAny(a) && isAny(b)) {
    const [four, six] = a.address === ANY_V4 ? [a, b] : [b, a];
    const message = `port ${a.port}/${a.protocol} is ${nameOf(four)}'s over IPv4 and ${nameOf(six)}'s over IPv6`;
    return { kind: 'split', message };
  }
  if (isAny(a) === isAny(b)) return null;
  const [wide, narrow] = isAny(a) ? [a, b] : [b, a];
  // An IPv6 wildcard takes IPv4 as well, unless told otherwise, which nobody shows.
  if (wide.address === ANY_V4 && narrow.address.includes(':')) return null;
  return {
    kind: 'hidden',
    message: `${at(narrow)} hides ${at(wide)} from whoever connects to ${narrow.address}`,
  };
}

/** Host ports of a pod that somebody else has too, or behind which nothing listens. */
export function publishedConflicts(
  published: readonly PublishedPort[],
  inside: readonly ListenerReport[],
  others: readonly Publisher[],
  node: readonly ListenerReport[],
): PortConflict[] {
  return published.flatMap((port) => {
    const text = `host port ${port.hostPort}/${port.protocol}`;
    const shared = others.filter(({ ports }) => ports.some((other) => samePort(port, other)));
    const taken = node.filter(
      (l) => l.protocol === port.protocol && l.port === port.hostPort && overlap(l.address, port.hostIp),
    );
    const served = inside.some(
      (l) => l.protocol === port.protocol && l.port === port.containerPort && !isLoopback(l.address),
    );
    const onlyLocal = inside.some((l) => l.protocol === port.protocol && l.port === port.containerPort);
    return [
      ...shared.map(({ title }): PortConflict => {
        const message = `${text} is published by ${title} too: only one of them gets its traffic`;
        return { kind: 'hostPort', message };
      }),
      ...taken.map((l): PortConflict => {
        const message = `${text} is taken away from ${nameOf(l)} of the node, which listens on ${socketText(l)}`;
        return { kind: 'hostPort', message };
      }),
      ...(served
        ? []
        : [nowhere(`${text} leads to port ${port.containerPort}`, onlyLocal, port.containerPort)]),
    ];
  });
}

function nowhere(beginning: string, onlyLocal: boolean, port: number): PortConflict {
  const why = onlyLocal ? `where ${port} listens on loopback alone` : 'where nothing listens';
  return { kind: 'nowhere', message: `${beginning}, ${why}` };
}

function samePort(a: PublishedPort, b: PublishedPort): boolean {
  return a.protocol === b.protocol && a.hostPort === b.hostPort && overlap(a.hostIp, b.hostIp);
}

/** '' and the wildcards stand for every address. */
function overlap(a: string, b: string): boolean {
  const every = ['', ANY_V4, ANY_V6];
  return a === b || every.includes(a) || every.includes(b);
}

function isAny({ address }: ListenerReport): boolean {
  return address === ANY_V4 || address === ANY_V6;
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** A server that hands its socket to its children is one listener. What nobody is seen to hold proves nothing. */
function areDifferent(a: ListenerReport, b: ListenerReport): boolean {
  if (a.holders.length === 0 || b.holders.length === 0) return false;
  const names = new Set(a.holders.map(ownerOf));
  return !b.holders.some((holder) => names.has(ownerOf(holder)));
}

function ownerOf({ container, pid }: SocketHolder): string {
  return container === '' ? `process ${pid}` : container;
}

function nameOf({ holders }: ListenerReport): string {
  const [first] = holders;
  if (first === undefined) return 'an unseen process';
  return first.container === '' ? `process ${first.pid} (${first.comm})` : first.container;
}
