import fs from 'node:fs';
import type { CniCall } from '../model/facts.ts';
import type { NsId } from '../model/namespace.ts';
import type { PinType, ProcessIdentity } from '../model/plan.ts';
import { parseCniEnviron } from './cni-environ.ts';
import { parseProcStat } from './proc-stat.ts';
import { createReadHost, type ReadHost } from './read-host.ts';

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

/** What a live process says of itself that a sandbox could be known by. Null: could not be read. */
export interface Witnessed extends Seen {
  /** The text of /proc/PID/cgroup. */
  cgroup(): string | null;
  /** Words of its command line. */
  words(): string[];
  /** The CNI call that it carries out; nothing else of its environment is looked at. */
  cni(): CniCall | null;
}

/** The same processes, with what costs a file each, read when it is asked for. */
export function witnessProcesses(): Witnessed[] {
  return scanProcesses().map(witnessed);
}

/** One of them; null when it is gone. */
export function witnessProcess(pid: number): Witnessed | null {
  const seen = lookAt(createReadHost(), pid);
  return seen && witnessed(seen);
}

function witnessed(seen: Seen): Witnessed {
  const file = (name: string) => textOf(`/proc/${seen.pid}/${name}`);
  const more = {
    cgroup: () => file('cgroup'),
    words: () => (file('cmdline') ?? '').split('\0').slice(0, -1),
    cni: () => parseCniEnviron(file('environ') ?? ''),
  };
  return { ...seen, ...more };
}

function textOf(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
