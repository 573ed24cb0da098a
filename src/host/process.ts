import fs from 'node:fs';
import type { ProcessIdentity } from '../model/plan.ts';
import { type ProcStat, parseProcStat } from './proc-stat.ts';
import { isMissing } from './read-host.ts';

/** What /proc/PID/stat of this machine says; null when there is no such process. */
export function processStat(pid: number): ProcStat | null {
  try {
    return parseProcStat(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return null;
  }
}

/** The process that has this number now; null when there is none. */
export function identityOf(pid: number): ProcessIdentity | null {
  const stat = processStat(pid);
  return stat && { pid, startTicks: stat.startTicks };
}

/** True while that very process runs: not another one of its number, and no zombie. */
export function isRunning({ pid, startTicks }: ProcessIdentity): boolean {
  const stat = processStat(pid);
  return stat !== null && stat.startTicks === startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

/** True when it is ending: it gives up its namespaces before the kernel shows it as a zombie, and is in none. */
export function isEnding(pid: number): boolean {
  try {
    fs.statSync(`/proc/${pid}/ns/net`);
    return false;
  } catch (error) {
    return isMissing(error);
  }
}

/** Id of this boot of the machine. */
export function bootId(): string {
  return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

let self: (ProcessIdentity & { bootId: string }) | null = null;

/** This process, as others will know it. Throws where /proc does not show it. */
export function ownIdentity(): ProcessIdentity & { bootId: string } {
  const identity = self ?? identityOf(process.pid);
  if (!identity) throw new Error('/proc does not show this process: is it mounted?');
  self ??= { ...identity, bootId: bootId() };
  return self;
}

/** Milliseconds on a clock that only goes forward. Node's performance takes one to load. */
export function monotonicMs(): number {
  return process.uptime() * 1000;
}
