import type { ReadHost } from '../host/read-host.ts';
import { isMissing, problemOf } from '../host/read-host.ts';
import type { SocketOwner } from '../model/facts.ts';
import { absent, complete, type Problem } from '../model/outcome.ts';
import type { Collector } from './collector.ts';

/** __SO_ACCEPTCON: somebody listens. */
const LISTENS = 0x10000;

/**
 * Which runtime daemon or shim listens on which socket file. Two daemons with equal arguments are told apart by
 * this alone, and a shim's socket, whose name is a hash, leads back to its sandbox. No check needs it on every run.
 */
export const socketsCollector: Collector<'sockets'> = {
  fact: 'sockets',
  summary: 'socket files that runtime daemons and shims listen on',
  timeoutMs: 3000,
  needs: ['daemons', 'processes'],
  collect({ host, known }) {
    const [daemons, processes] = [known('daemons'), known('processes')];
    const pids = new Set([
      ...(daemons?.status === 'complete' ? daemons.value.map((d) => d.pid) : []),
      ...(processes?.status === 'complete' ? processes.value.filter((p) => p.shim).map((p) => p.pid) : []),
    ]);
    const problems: Problem[] = [];
    try {
      return complete(socketOwners(host, pids, problems), problems);
    } catch (error) {
      if (isMissing(error)) return absent('this /proc shows no sockets');
      throw error;
    }
  },
};

/** Listening socket files of the given processes. Those of a process that vanished are left out. */
export function socketOwners(host: ReadHost, pids: Iterable<number>, problems: Problem[]): SocketOwner[] {
  const listening = parseUnixSockets(host.readKernel('/proc/net/unix'));
  const owners: SocketOwner[] = [];
  for (const pid of pids) {
    const folder = `/proc/${pid}/fd`;
    try {
      for (const fd of host.list(folder)) {
        const inode = socketInode(host, `${folder}/${fd}`);
        const path = inode === null ? undefined : listening.get(inode);
        if (path !== undefined) owners.push({ path, pid });
      }
    } catch (error) {
      if (!isMissing(error)) problems.push(problemOf(error, folder));
    }
  }
  return owners;
}

/** Path of each listening socket file by inode, from /proc/net/unix; abstract names begin with @. */
export function parseUnixSockets(text: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n').slice(1)) {
    // Num RefCount Protocol Flags Type St Inode Path: the path is the rest of the line, spaces included.
    const [, flags, inode, path] = /^\S+: \S+ \S+ ([0-9A-Fa-f]+) \S+ \S+ +(\d+) (.+)$/.exec(line) ?? [];
    if (inode !== undefined && path !== undefined && (Number.parseInt(flags ?? '0', 16) & LISTENS) !== 0) {
      paths.set(inode, path);
    }
  }
  return paths;
}

/** Null for what is no socket, or was closed meanwhile. */
function socketInode(host: ReadHost, path: string): string | null {
  try {
    return /^socket:\[(\d+)\]$/.exec(host.readLink(path))?.[1] ?? null;
  } catch {
    return null;
  }
}
