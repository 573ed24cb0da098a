import fs from 'node:fs';
import { parseProcStat } from '../host/proc-stat.ts';
import { createReadHost, type ReadHost } from '../host/read-host.ts';
import type { NsId } from '../model/namespace.ts';
import type { PinType, ProcessIdentity } from '../model/plan.ts';

export const PIN_TYPES: readonly PinType[] = ['net', 'ipc', 'uts'];

/** A live process of this machine. Null: could not be read. */
export interface Seen extends ProcessIdentity {
  ppid: number;
  comm: string;
  ns: Record<PinType, NsId | null>;
}

/** Every live process that is no kernel thread, in one pass over /proc. */
export function scanProcesses(host: ReadHost = createReadHost()): Seen[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    const seen = /^\d+$/.test(name) ? lookAt(host, Number(name)) : null;
    return seen ? [seen] : [];
  });
}

function lookAt(host: ReadHost, pid: number): Seen | null {
  try {
    const folder = `/proc/${pid}`;
    const stat = parseProcStat(fs.readFileSync(`${folder}/stat`, 'latin1'));
    if (stat === null || stat.kernelThread || stat.state === 'Z' || stat.state === 'X') return null;
    const { startTicks, ppid, comm } = stat;
    return { pid, startTicks, ppid, comm, ns: namespacesOf(host, folder) };
  } catch {
    return null;
  }
}

/** Read when they are first asked for: of most processes one tells that they are not ours. */
function namespacesOf(host: ReadHost, folder: string): Seen['ns'] {
  const read: Partial<Seen['ns']> = {};
  const get = (type: PinType): NsId | null => {
    const known = read[type];
    if (known !== undefined) return known;
    const id = nsOf(host, `${folder}/ns/${type}`);
    read[type] = id;
    return id;
  };
  return {
    get net() {
      return get('net');
    },
    get ipc() {
      return get('ipc');
    },
    get uts() {
      return get('uts');
    },
  };
}

function nsOf(host: ReadHost, path: string): NsId | null {
  try {
    return host.nsId(path);
  } catch {
    return null;
  }
}

/** Words of a process's command line; empty when it is gone or hidden. */
export function wordsOf(pid: number): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** Namespaces of the machine and of podctl itself: nobody's sandbox, whatever a record says. */
export function hostNamespaces(processes: readonly Seen[]): Set<NsId> {
  const own = processes.filter(({ pid }) => pid === 1 || pid === process.pid);
  return new Set(own.flatMap(({ ns }) => Object.values(ns).filter((id) => id !== null)));
}
