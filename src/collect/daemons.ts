import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Daemon } from '../model/facts.ts';
import type { NsId } from '../model/namespace.ts';
import { complete, type Gathered, type Problem, partial } from '../model/outcome.ts';
import { parseCmdline } from './argv.ts';
import { kernelText } from './at-path.ts';
import { parseCgroup } from './cgroup-path.ts';
import type { Collector } from './collector.ts';
import { candidateKind, identifyDaemon } from './daemon-kind.ts';
import { parseProcStat } from './proc-stat.ts';
import { hiddenProcesses, listPids } from './proc-view.ts';

export const daemonsCollector: Collector<'daemons'> = {
  fact: 'daemons',
  summary: 'runtime daemons and kubelet that run, with the flags that say where they keep things',
  timeoutMs: 3000,
  collect({ host }) {
    return collectDaemons(host);
  },
};

/** A daemon, and what tells it from a copy of itself that is about to become another program. */
interface Found {
  daemon: Daemon;
  ppid: number;
  cmdline: string;
}

function collectDaemons(host: ReadHost): Gathered<Daemon[]> {
  const problems: Problem[] = [];
  const found: Found[] = [];
  const pids = listPids(host);
  // A node runs few programs in many processes.
  const kinds = new Map<string, ReturnType<typeof candidateKind>>();
  for (const pid of pids) {
    const program = programOf(host, pid);
    let candidate = kinds.get(program);
    if (candidate === undefined) {
      candidate = candidateKind(program);
      kinds.set(program, candidate);
    }
    if (candidate === null) continue;
    try {
      const one = readDaemon(host, pid, candidate, problems);
      if (one) found.push(one);
    } catch (error) {
      if (!isMissing(error)) problems.push(problemOf(error, `/proc/${pid}`));
    }
  }
  const daemons = found.filter((one) => !found.some((other) => isForkOf(one, other))).map((f) => f.daemon);
  const hidden = hiddenProcesses(host, pids, daemons.length > 0);
  return hidden ? partial(daemons, [hidden, ...problems]) : complete(daemons, problems);
}

/** Path of the program, or its short name where the link is refused; '' when the process is gone. */
function programOf(host: ReadHost, pid: number): string {
  try {
    return host.readLink(`/proc/${pid}/exe`);
  } catch (error) {
    if (isMissing(error)) return '';
  }
  try {
    return host.readKernel(`/proc/${pid}/comm`).trimEnd();
  } catch {
    return '';
  }
}

function readDaemon(
  host: ReadHost,
  pid: number,
  candidate: Parameters<typeof identifyDaemon>[0],
  problems: Problem[],
): Found | null {
  const cmdline = host.readKernel(`/proc/${pid}/cmdline`);
  const identified = identifyDaemon(candidate, parseCmdline(cmdline));
  const stat = parseProcStat(host.readKernel(`/proc/${pid}/stat`));
  if (identified === null || stat === null) return null;
  // Anybody may call a program in a pod "containerd": a daemon of the node is in no pod's container.
  const owner = parseCgroup(kernelText(host, `/proc/${pid}/cgroup`));
  if (owner.podUid !== null && owner.containerId !== null) return null;
  const daemon: Daemon = {
    kind: identified.kind,
    pid,
    startTicks: stat.startTicks,
    state: stat.state,
    exe: exeOf(host, pid),
    mnt: mountNamespace(host, pid, problems),
    flags: identified.flags,
  };
  return { daemon, ppid: stat.ppid, cmdline };
}

/** Between fork and exec a child of a daemon looks exactly like it. */
function isForkOf(child: Found, parent: Found): boolean {
  return child.ppid === parent.daemon.pid && child.cmdline === parent.cmdline;
}

function exeOf(host: ReadHost, pid: number): string {
  try {
    return host.readLink(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}

function mountNamespace(host: ReadHost, pid: number, problems: Problem[]): NsId | null {
  const path = `/proc/${pid}/ns/mnt`;
  try {
    return host.nsId(path);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, path));
    return null;
  }
}
