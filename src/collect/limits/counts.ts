import { isMissing, problemOf, type ReadHost } from '../../host/read-host.ts';
import type { Daemon, LimitsFact, OpenFiles, PidsCgroup } from '../../model/facts.ts';
import type { Problem } from '../../model/outcome.ts';

const V1 = '/sys/fs/cgroup/pids';
const V2 = '/sys/fs/cgroup';

/** Threads of the node and where the kernel stops; null where it does not tell. */
export function readThreads(host: ReadHost): LimitsFact['threads'] {
  const used = readOr(host, '/proc/loadavg', parseThreads);
  const pidMax = readOr(host, '/proc/sys/kernel/pid_max', parseCount);
  const threadsMax = readOr(host, '/proc/sys/kernel/threads-max', parseCount);
  return used && pidMax && threadsMax ? { used, pidMax, threadsMax } : null;
}

/** All threads of the machine, from the text of /proc/loadavg. */
export function parseThreads(text: string): number | undefined {
  const all = /^\S+ \S+ \S+ \d+\/(\d{1,10}) /.exec(text)?.[1];
  return all === undefined ? undefined : Number(all);
}

/** Open files of a daemon; null when it went away, or may not be looked at: then a problem says so. */
export function readOpenFiles(host: ReadHost, { kind, pid }: Daemon, problems: Problem[]): OpenFiles | null {
  try {
    const maxOpenFiles = parseOpenFilesLimit(host.readKernel(`/proc/${pid}/limits`));
    if (maxOpenFiles === undefined) return null;
    return { kind, pid, openFiles: host.list(`/proc/${pid}/fd`).length, maxOpenFiles };
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, `/proc/${pid}/fd`));
    return null;
  }
}

/** The soft limit of open files from the text of /proc/PID/limits; null: none. Undefined: it does not tell. */
export function parseOpenFilesLimit(text: string): number | null | undefined {
  const soft = /^Max open files +(\d{1,15}|unlimited) /m.exec(text)?.[1];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? null : Number(soft);
}

/** Path of a process in the pids controller, from the text of /proc/PID/cgroup; null where it tells none. */
export function parsePidsPath(text: string): { at: string; path: string } | null {
  const v1 = /^\d+:(?:[^:\n]*,)?pids(?:,[^:\n]*)?:(\/.*)$/m.exec(text)?.[1];
  if (v1 !== undefined) return { at: V1, path: v1 };
  const v2 = /^0::(\/.*)$/m.exec(text)?.[1];
  return v2 === undefined ? null : { at: V2, path: v2 };
}

/** The cgroups of a daemon, its own and those around it, as far as they count processes. */
export function readDaemonCgroups(host: ReadHost, pid: number): PidsCgroup[] {
  const place = readOr(host, `/proc/${pid}/cgroup`, parsePidsPath);
  if (!place) return [];
  const found: PidsCgroup[] = [];
  for (let path = place.path; path.length > 1; path = path.slice(0, path.lastIndexOf('/'))) {
    const one = readPidsCgroup(host, place.at, path);
    if (one !== null) found.push({ ...one, holds: 'runtime', pid });
  }
  return found;
}

/** The cgroup of all pods; null where it does not count processes. */
export function readPodsCgroup(host: ReadHost, path: string): PidsCgroup | null {
  const one = readPidsCgroup(host, V1, path) ?? readPidsCgroup(host, V2, path);
  return one && { ...one, holds: 'pods', pid: null };
}

function readPidsCgroup(
  host: ReadHost,
  at: string,
  path: string,
): Pick<PidsCgroup, 'path' | 'used' | 'max'> | null {
  const used = readOr(host, `${at}${path}/pids.current`, parseCount);
  const max = readOr(host, `${at}${path}/pids.max`, parseCount);
  return used === null || used === undefined || max === undefined ? null : { path, used, max };
}

/** A count as the kernel writes it: null for `max`. */
function parseCount(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === 'max') return null;
  return /^\d{1,15}$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** Undefined for a file that is not there or not to be read: not every cgroup has a controller. */
function readOr<T>(host: ReadHost, path: string, parse: (text: string) => T): T | undefined {
  try {
    return parse(host.readKernel(path));
  } catch {
    return undefined;
  }
}
