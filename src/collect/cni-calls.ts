import { parseCniEnviron } from '../host/cni-environ.ts';
import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Process } from '../model/facts.ts';
import type { Problem } from '../model/outcome.ts';

/** A folder on the way to a program says that it is a plugin: /opt/cni/bin, /usr/lib/cni, .../cni-bin. */
const PLUGIN = /\/[^/]*cni[^/]*\//i;

/** Deeper than any real tree; a wrong answer of /proc must not make it endless. */
const MAX_DEPTH = 64;

/**
 * Fills `cni` of the processes that are CNI plugins at work: those below a runtime daemon but not below
 * a shim, and orphans of a runtime that ended, by the folder of their program.
 */
export function findCniCalls(
  host: ReadHost,
  processes: readonly Process[],
  runtimes: ReadonlySet<number>,
  problems: Problem[],
): void {
  const byPid = new Map(processes.map((p) => [p.pid, p]));
  for (const one of processes) {
    if (runtimes.has(one.pid) || !mayBePlugin(one)) continue;
    const line = descent(one, byPid, runtimes);
    if (line === 'shim' || (line === 'other' && !PLUGIN.test(programOf(host, one.pid)))) continue;
    try {
      one.cni = parseCniEnviron(host.readKernel(`/proc/${one.pid}/environ`));
    } catch (error) {
      if (!isMissing(error)) problems.push(problemOf(error, `/proc/${one.pid}/environ`));
    }
  }
}

/** What runs in a container is no plugin of the runtime, whatever its environment says. */
function mayBePlugin(one: Process): boolean {
  return one.containerId === null && one.podUid === null && one.shim === null && one.state !== 'Z';
}

function descent(
  one: Process,
  byPid: ReadonlyMap<number, Process>,
  runtimes: ReadonlySet<number>,
): 'runtime' | 'shim' | 'other' {
  let parent = one.ppid;
  for (let depth = 0; depth < MAX_DEPTH && parent > 1; depth += 1) {
    if (runtimes.has(parent)) return 'runtime';
    const process = byPid.get(parent);
    if (process === undefined) return 'other';
    if (process.shim !== null) return 'shim';
    parent = process.ppid;
  }
  return 'other';
}

function programOf(host: ReadHost, pid: number): string {
  try {
    return host.readLink(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}
