import type { Bundle, HostFact, Process } from '../model/facts.ts';
import { memo } from './memo.ts';

/** A process that still runs: a zombie or dead entry in the table is not life. */
export function isAlive(process: Process): boolean {
  return process.state !== 'Z' && process.state !== 'X';
}

/** Milliseconds since the process started, by the boot clock: wall clock jumps do not matter. */
export function ageOf(host: HostFact, process: Process): number {
  return (host.uptime - process.startTicks / host.ticksPerSecond) * 1000;
}

export const byPid = memo((processes: Process[]) => new Map(processes.map((p) => [p.pid, p])));

/**
 * The init process of each container id, among live processes: the one that the runtime wrote down, if it is in
 * that container's cgroup, else the oldest one whose parent is outside it (exec'd processes look alike, but later).
 */
export const initProcesses = memo(
  (processes: Process[], bundles: Bundle[] | undefined): Map<string, Process> => {
    const pids = byPid(processes);
    const inits = new Map<string, Process>();
    for (const process of processes) {
      const id = process.containerId;
      if (id === null || !isAlive(process) || pids.get(process.ppid)?.containerId === id) continue;
      const found = inits.get(id);
      if (found === undefined || isOlder(process, found)) inits.set(id, process);
    }
    for (const bundle of bundles ?? []) {
      const noted = bundle.initPid === null ? undefined : pids.get(bundle.initPid);
      if (noted?.containerId === bundle.id && isAlive(noted)) inits.set(bundle.id, noted);
    }
    return inits;
  },
);

function isOlder(a: Process, b: Process): boolean {
  return a.startTicks < b.startTicks || (a.startTicks === b.startTicks && a.pid < b.pid);
}

/** Live shims of CRI's namespace that serve the runtime at `address`, by sandbox id. */
export function shimsOf(processes: Process[], address: string): Map<string, Process> {
  const shims = new Map<string, Process>();
  for (const process of processes) {
    const { shim } = process;
    if (shim?.namespace === 'k8s.io' && sameRunPath(shim.address, address) && isAlive(process)) {
      shims.set(shim.id, process);
    }
  }
  return shims;
}

/** Ids of network namespaces that some live process is in. */
export const inhabitedNetns = memo(
  (processes: Process[]) =>
    new Set(processes.filter(isAlive).flatMap((p) => (p.ns.net === null ? [] : [p.ns.net]))),
);

/** /var/run is a link to /run on every node in use; runtimes write the one, the kernel shows the other. */
export function runPath(path: string): string {
  return path.startsWith('/var/run/') ? path.slice('/var'.length) : path;
}

export function sameRunPath(a: string, b: string): boolean {
  return runPath(a) === runPath(b);
}
