import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Daemon, OwnSandbox, Process } from '../model/facts.ts';
import { NS_TYPES, type NsType } from '../model/namespace.ts';
import { complete, type Gathered, type Problem, partial } from '../model/outcome.ts';
import { parseCmdline } from './argv.ts';
import { type CgroupOwner, ownerOfPath, parseCgroup } from './cgroup-path.ts';
import { CLAIMS } from './claims.ts';
import { findCniCalls } from './cni-calls.ts';
import type { Collector } from './collector.ts';
import { knownValue } from './known-value.ts';
import { NO_NAMESPACES, readNamespaces, SHARED_TYPES } from './namespaces.ts';
import { summarize } from './problems.ts';
import { type ProcStat, parseProcStat } from './proc-stat.ts';
import { hiddenProcesses, listPids } from './proc-view.ts';
import { looksLikeShim, parseShimArgs } from './shim-args.ts';
import { nameOwn } from './with-own.ts';

/** Processes read in one go: some 15 ms, so that deadlines and answers of the runtime get their turn. */
const BATCH = 200;

export const processesCollector: Collector<'processes'> = {
  fact: 'processes',
  summary: 'processes in one pass over /proc: container, pod, namespaces, shims, running CNI plugins',
  timeoutMs: 10_000,
  needs: ['daemons', 'ownSandboxes'],
  after: ['host', ...CLAIMS, 'sandboxes', 'containers', 'store'],
  collect({ host, known, look, signal }) {
    const own = knownValue(known('ownSandboxes')) ?? [];
    const types = look.everything === false ? SHARED_TYPES : NS_TYPES;
    const hasCpuset = ['v1', 'hybrid'].includes(knownValue(known('host'))?.cgroup ?? '');
    return collectProcesses({ host, types, hasCpuset }, knownValue(known('daemons')) ?? [], own, signal);
  },
};

/** What one pass gathers besides the processes. */
interface Pass {
  host: ReadHost;
  /** Namespaces that are read. */
  types: readonly NsType[];
  /** The node has hierarchies of cgroup v1, cpuset among them as far as is known. */
  hasCpuset: boolean;
  problems: Problem[];
  /** Members may be missing. */
  holes: Problem[];
}

async function collectProcesses(
  look: Pick<Pass, 'host' | 'types' | 'hasCpuset'>,
  daemons: readonly Daemon[],
  own: readonly OwnSandbox[],
  signal: AbortSignal,
): Promise<Gathered<Process[]>> {
  const { host } = look;
  const pass: Pass = { ...look, problems: [], holes: [] };
  const pids = listPids(host);
  const processes: Process[] = [];
  for (let i = 0; i < pids.length && !signal.aborted; i += BATCH) {
    if (i > 0) await new Promise((resolve) => setImmediate(resolve));
    for (const pid of pids.slice(i, i + BATCH)) {
      const one = readProcess(pass, pid);
      if (one) processes.push(one);
    }
  }
  const runtimes = daemons.filter((d) => d.kind !== 'kubelet' && d.kind !== 'dockerd').map((d) => d.pid);
  findCniCalls(host, processes, new Set(runtimes), pass.problems);
  dropForksOfShims(processes);
  nameOwn(processes, own, (pid) => wordsOf(host, pid));
  const hidden = hiddenProcesses(host, pids, daemons.length > 0);
  const holes = summarize(hidden ? [hidden, ...pass.holes] : pass.holes);
  const told = [...holes, ...summarize(pass.problems)];
  return holes.length > 0 ? partial(processes, told) : complete(processes, told);
}

/** Null: a kernel thread, or gone in the meantime. */
function readProcess(pass: Pass, pid: number): Process | null {
  const { host } = pass;
  try {
    const stat = readStat(host, pid);
    if (stat === null || stat.kernelThread) return null;
    const owner = ownerOf(pass, pid, stat.comm);
    const one: Process = {
      pid,
      ppid: stat.ppid,
      startTicks: stat.startTicks,
      state: stat.state,
      comm: stat.comm,
      cgroup: owner.path,
      containerId: owner.containerId,
      podUid: owner.podUid,
      ns: NO_NAMESPACES,
      shim: null,
      cni: null,
    };
    if (stat.state === 'Z' || stat.state === 'X') return one;
    const read = readNamespaces(host, `/proc/${pid}/ns`, pass.types);
    if (read.gone) return ended(host, one);
    one.ns = read.ids;
    if (read.problem) pass.problems.push(read.problem);
    // In a pod's container anybody may call himself a shim.
    const contained = owner.podUid !== null && owner.containerId !== null;
    if (!contained && looksLikeShim(stat.comm)) {
      one.shim = parseShimArgs(parseCmdline(host.readKernel(`/proc/${pid}/cmdline`)));
    }
    return one;
  } catch (error) {
    if (!isMissing(error)) pass.holes.push(problemOf(error, `/proc/${pid}`));
    return null;
  }
}

function readStat(host: ReadHost, pid: number): ProcStat | null {
  return parseProcStat(host.readKernel(`/proc/${pid}/stat`));
}

/**
 * With cgroup v1 the list of a process's cgroups has a path for each of a dozen hierarchies, and is the dearest
 * thing to read of it. Its cpuset is one of them, and settles it for what runs in a container.
 */
function ownerOf(pass: Pass, pid: number, comm: string): CgroupOwner {
  if (pass.hasCpuset && !looksLikeShim(comm)) {
    const owner = cpusetOwner(pass, pid);
    if (owner !== null && owner.containerId !== null) return owner;
  }
  return parseCgroup(pass.host.readKernel(`/proc/${pid}/cgroup`));
}

function cpusetOwner(pass: Pass, pid: number): CgroupOwner | null {
  try {
    return ownerOfPath(pass.host.readKernel(`/proc/${pid}/cpuset`).trimEnd());
  } catch {
    // Gone, or the kernel has none: the list of its cgroups says which.
    return null;
  }
}

/** '' for a process that went away. */
function wordsOf(host: ReadHost, pid: number): string {
  try {
    return host.readKernel(`/proc/${pid}/cmdline`);
  } catch {
    return '';
  }
}

/**
 * It lost its namespaces while we looked: a zombie by now, or gone, or just about to be. A process gives up its
 * namespaces before the kernel shows it as a zombie; without any it is dead to all that ask for them.
 */
function ended(host: ReadHost, one: Process): Process | null {
  const state = readStat(host, one.pid)?.state;
  return state === undefined ? null : { ...one, state: state === 'Z' ? 'Z' : 'X' };
}

/** Between fork and exec a child of a shim has its command line, but serves nobody. */
function dropForksOfShims(processes: readonly Process[]): void {
  const shims = new Map(processes.filter((p) => p.shim !== null).map((p) => [p.pid, p.shim?.id]));
  for (const one of processes) {
    if (one.shim !== null && shims.get(one.ppid) === one.shim.id) one.shim = null;
  }
}
