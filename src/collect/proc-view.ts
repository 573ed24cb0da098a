import type { ReadHost } from '../host/read-host.ts';
import type { NsId } from '../model/namespace.ts';
import { type Problem, problem } from '../model/outcome.ts';

/** Inode that the kernel gives to the PID namespace of the machine itself. */
const MACHINE_PID_NS = 4026531836;

/** Process ids in /proc, ascending. Throws the system's error. */
export function listPids(host: ReadHost): number[] {
  const pids = host.list('/proc').map(Number).filter(Number.isInteger);
  return [...Uint32Array.from(pids).sort()];
}

/**
 * Why /proc may show only a part of the node's processes; null when it shows them all.
 * A PID namespace in which a runtime runs is a node of its own, as in kind.
 */
export function hiddenProcesses(
  host: ReadHost,
  pids: readonly number[],
  runtimeSeen: boolean,
): Problem | null {
  if (pids[0] !== 1) {
    return problem('denied', '/proc hides the processes of others (hidepid); run podctl as root', '/proc');
  }
  if (runtimeSeen) return null;
  const own = pidNamespace(host);
  if (own === null || own.endsWith(`:${MACHINE_PID_NS}`)) return null;
  return problem(
    'denied',
    '/proc shows one PID namespace and not the whole node; run podctl on the node, or in a pod with hostPID',
    '/proc',
  );
}

/** PID 1's, for it lives where /proc was mounted; our own where the kernel does not tell. */
function pidNamespace(host: ReadHost): NsId | null {
  for (const path of ['/proc/1/ns/pid', '/proc/self/ns/pid']) {
    try {
      return host.nsId(path);
    } catch {
      // The next one may be readable.
    }
  }
  return null;
}
