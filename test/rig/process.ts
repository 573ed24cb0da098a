import fs from 'node:fs';

/** A process that is still the same one: pid and start time (clock ticks since boot). */
export interface ProcessId {
  pid: number;
  startTicks: number;
}

/** Null when there is no such process (a zombie counts as gone). */
export function processId(pid: number): ProcessId | null {
  const fields = statFields(pid);
  const startTicks = Number(fields?.[19]);
  return fields && fields[0] !== 'Z' && fields[0] !== 'X' ? { pid, startTicks } : null;
}

export function isAlive(id: ProcessId): boolean {
  return processId(id.pid)?.startTicks === id.startTicks;
}

/** State letter of a process, or of a thread (PID/task/TID): R S D T Z; '' when it is gone. */
export function stateOf(pid: number | string): string {
  return statFields(pid)?.[0] ?? '';
}

/** Fields of /proc/PID/stat from the state on; the name before it may hold anything. */
function statFields(pid: number | string): string[] | null {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

export function parentOf(pid: number): number {
  return Number(statFields(pid)?.[1] ?? 0);
}

/** Live processes whose argument list satisfies `matches`. */
export function findProcesses(matches: (args: string[]) => boolean): ProcessId[] {
  return allPids().flatMap((pid) => {
    const args = commandLine(pid);
    const id = args.length > 0 && matches(args) ? processId(pid) : null;
    return id ? [id] : [];
  });
}

export function commandLine(pid: number): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

function allPids(): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Sends a signal to that very process; false when it is gone. */
export function signal(id: ProcessId, name: NodeJS.Signals): boolean {
  if (!isAlive(id)) return false;
  try {
    return process.kill(id.pid, name);
  } catch {
    return false;
  }
}

/** Waits until `done` says true. Throws, naming what was waited for, after `timeoutMs`. */
export async function until(
  what: string,
  done: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
