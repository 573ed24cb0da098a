import { isMissing, type ReadHost } from '../host/read-host.ts';
import type { AbstractSocket, Process } from '../model/facts.ts';
import { absent, complete } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { knownValue } from './known-value.ts';
import { socketHolders } from './socket-holders.ts';
import { parseUnixSockets } from './sockets.ts';

const PREFIX = '@/containerd-shim/';

/** Sockets are a network namespace's: the node's own is that of PID 1, wherever podctl was started. */
const TABLES = ['/proc/1/net/unix', '/proc/net/unix'];

export const abstractSocketsCollector: Collector<'abstractSockets'> = {
  fact: 'abstractSockets',
  summary: 'shim sockets with abstract names, which pods in the network of the node can reach',
  timeoutMs: 3000,
  needs: ['processes'],
  collect({ host, known }) {
    const table = readTable(host);
    if (table === null) return absent('this /proc shows no sockets');
    if (!table.includes(PREFIX)) return complete([]);
    return complete(abstractSockets(host, table, knownValue(known('processes')) ?? []));
  },
};

/** Null where there is none. */
function readTable(host: ReadHost): string | null {
  for (const path of TABLES) {
    try {
      return host.readKernel(path);
    } catch (error) {
      if (!isMissing(error) && path === TABLES.at(-1)) throw error;
    }
  }
  return null;
}

/** Listening shim sockets in a text of /proc/net/unix, each with its shim where one is found to hold it. */
export function abstractSockets(
  host: ReadHost,
  table: string,
  processes: readonly Process[],
): AbstractSocket[] {
  const listening = [...parseUnixSockets(table)].filter(([, name]) => name.startsWith(PREFIX));
  // Shims of those days have other arguments: the name of the program tells them.
  const shims = processes.filter((p) => p.shim !== null || p.comm.startsWith('containerd-shim'));
  const { holders } = socketHolders(
    host,
    shims.map(({ pid }) => pid),
  );
  return listening.map(([inode, name]) => ({ name, pid: holders.get(Number(inode))?.[0] ?? null }));
}
