import fs from 'node:fs';
import type { Seen } from '../host/scan.ts';
import type { NsId } from '../model/namespace.ts';
import type { PinType } from '../model/plan.ts';

export { type Seen, scanProcesses } from '../host/scan.ts';

export const PIN_TYPES: readonly PinType[] = ['net', 'ipc', 'uts'];

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
