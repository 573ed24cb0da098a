import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Daemon, Process } from '../model/facts.ts';
import { complete, type Gathered, type Problem, partial } from '../model/outcome.ts';
import { parseCmdline } from './argv.ts';
import { type CgroupOwner, parseCgroup } from './cgroup-path.ts';
import { findCniCalls } from './cni-calls.ts';
import type { Collector } from './collector.ts';
import { knownValue } from './known-value.ts';
import { NO_NAMESPACES, readNamespaces } from './namespaces.ts';
import { summarize } from './problems.ts';
import { type ProcStat, parseProcStat } from './proc-stat.ts';
import { hiddenProcesses, listPids } from './proc-view.ts';
import { looksLikeShim, parseShimArgs } from './shim-args.ts';

/** Processes read in one go: some 15 ms, so that deadlines and answers of the runtime get their turn. */
const BATCH = 200;

export const processesCollector: Collector<'processes'> = {
  fact: 'processes',
  summary: 'processes in one pass over /proc: container, pod, namespaces, shims, running CNI plugins',
  timeoutMs: 10_000,
  needs: ['daemons'],
  after: ['pins', 'sandboxes', 'containers', 'store'],
  collect({ host, known, signal }) {
    return collectProcesses(host, knownValue(known('daemons')) ?? [], signal);
  },
};

/** What one pass gathers besides the processes. */
interface Pass {
  host: ReadHost;
  /** Processes of one container have the same cgroup text: it is read into its parts once. */
  owners: Map<string, CgroupOwner>;
  problems: Problem[];
  /** Members may be missing. */
  holes: Problem[];
}

async function collectProcesses(
  host: ReadHost,
  daemons: readonly Daemon[],
  signal: AbortSignal,
): Promise<Gathered<Process[]>> {
  const pass: Pass = { host, owners: new Map(), problems: [], holes: [] };
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
    const owner = ownerOf(pass, host.readKernel(`/proc/${pid}/cgroup`));
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
    const read = readNamespaces(host, `/proc/${pid}/ns`);
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

function ownerOf(pass: Pass, text: string): CgroupOwner {
  let owner = pass.owners.get(text);
  if (owner === undefined) {
    owner = parseCgroup(text);
    pass.owners.set(text, owner);
  }
  return owner;
}

/** It lost its namespaces while we looked: a zombie by now, or gone. */
function ended(host: ReadHost, one: Process): Process | null {
  const state = readStat(host, one.pid)?.state;
  return state === undefined ? null : { ...one, state };
}

/** Between fork and exec a child of a shim has its command line, but serves nobody. */
function dropForksOfShims(processes: readonly Process[]): void {
  const shims = new Map(processes.filter((p) => p.shim !== null).map((p) => [p.pid, p.shim?.id]));
  for (const one of processes) {
    if (one.shim !== null && shims.get(one.ppid) === one.shim.id) one.shim = null;
  }
}
