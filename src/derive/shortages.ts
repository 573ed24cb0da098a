import type { Filesystem, LimitsFact } from '../model/facts.ts';

/** Something of which little or nothing is left. */
export interface Shortage {
  messageId: 'diskFull' | 'inodesFull' | 'readOnly' | 'pids' | 'threads' | 'openFiles';
  /** Not enough for one more sandbox. */
  nothingLeft: boolean;
  /** Path of the folder or cgroup, or the kernel's setting. */
  path: string;
  data: Record<string, string | number>;
  /** Where to look, and what is there. */
  at: string;
  value: string;
}

const MIB = 1024 ** 2;
export const NEARLY_PERCENT = 95;
/** A disk of terabytes is 95 % full with room for a thousand pods. */
const ROOM = 1024 * MIB;
const ROOM_INODES = 10_000;
/** What one sandbox takes: some files and folders, a shim's threads, a shim's sockets. */
const SANDBOX_BYTES = MIB;
const SANDBOX_INODES = 32;
const SANDBOX_THREADS = 20;
const SANDBOX_FILES = 16;

const WHAT: Readonly<Record<Filesystem['purpose'], string>> = {
  images: 'images and records',
  state: 'live state of sandboxes',
  run: 'network namespace pins',
  cni: "CNI's cache and addresses",
};

/** What is short on a node. `pid`: the daemon that serves the endpoint; null where it is not known. */
export function shortages(
  limits: LimitsFact,
  pid: number | null,
  nearlyPercent = NEARLY_PERCENT,
): Shortage[] {
  return [
    ...ofFilesystems(limits.filesystems, nearlyPercent),
    ...ofCgroups(limits, pid, nearlyPercent),
    ...ofThreads(limits, nearlyPercent),
    ...ofFiles(limits, pid, nearlyPercent),
  ];
}

function ofFilesystems(all: readonly Filesystem[], nearlyPercent: number): Shortage[] {
  const byMount = new Map<string, Filesystem[]>();
  for (const one of all) {
    const key = one.mountPoint || one.path;
    byMount.set(key, [...(byMount.get(key) ?? []), one]);
  }
  return [...byMount].flatMap(([mountPoint, [first, ...others]]) =>
    first ? ofMount(mountPoint, first, others, nearlyPercent) : [],
  );
}

function ofMount(
  mountPoint: string,
  first: Filesystem,
  others: readonly Filesystem[],
  nearlyPercent: number,
): Shortage[] {
  const { path, size, free, usedPercent, inodes, inodesFree, inodesUsedPercent } = first;
  const purposes = [...new Set([first, ...others].map(({ purpose }) => WHAT[purpose]))];
  const data = { path, mountPoint, purpose: first.purpose, what: purposes.join(', ') };
  const told = (
    messageId: Shortage['messageId'],
    nothingLeft: boolean,
    value: string,
    more = {},
  ): Shortage => ({
    messageId,
    nothingLeft,
    path,
    data: { ...data, ...more },
    at: mountPoint,
    value,
  });
  const found: Shortage[] = [];
  if (first.readOnly) found.push(told('readOnly', true, `${first.fsType}, ro`));
  if (usedPercent >= nearlyPercent && free < ROOM && size > 0) {
    const value = `${bytes(free)} of ${bytes(size)} free`;
    found.push(told('diskFull', free < SANDBOX_BYTES, value, { left: bytes(free), used: usedPercent }));
  }
  if (inodesUsedPercent !== null && inodesUsedPercent >= nearlyPercent && inodesFree < ROOM_INODES) {
    const value = `${inodesFree} of ${inodes} inodes free`;
    const more = { left: inodesFree, used: inodesUsedPercent };
    found.push(told('inodesFull', inodesFree < SANDBOX_INODES, value, more));
  }
  return found;
}

/** Those around another daemon of the node limit somebody else. */
function ofCgroups({ cgroups }: LimitsFact, pid: number | null, nearlyPercent: number): Shortage[] {
  return cgroups.flatMap(({ path, holds, used, max, pid: owner }) => {
    if (max === null || (holds === 'runtime' && owner !== pid)) return [];
    const holder = holds === 'pods' ? 'all pods together' : 'the runtime with its shims';
    return scarce(
      'pids',
      path,
      used,
      max,
      SANDBOX_THREADS,
      { holder },
      `${path}/pids.current`,
      nearlyPercent,
    );
  });
}

function ofThreads({ threads }: LimitsFact, nearlyPercent: number): Shortage[] {
  if (threads === null) return [];
  const { used, pidMax, threadsMax } = threads;
  const setting = pidMax <= threadsMax ? 'kernel.pid_max' : 'kernel.threads-max';
  return scarce(
    'threads',
    setting,
    used,
    Math.min(pidMax, threadsMax),
    SANDBOX_THREADS,
    {},
    setting,
    nearlyPercent,
  );
}

function ofFiles({ daemons }: LimitsFact, pid: number | null, nearlyPercent: number): Shortage[] {
  const own = daemons.find((one) => one.pid === pid);
  if (!own || own.maxOpenFiles === null) return [];
  const at = `/proc/${own.pid}/limits`;
  return scarce(
    'openFiles',
    at,
    own.openFiles,
    own.maxOpenFiles,
    SANDBOX_FILES,
    { pid: own.pid },
    at,
    nearlyPercent,
  );
}

function scarce(
  messageId: Shortage['messageId'],
  path: string,
  count: number,
  max: number,
  needed: number,
  more: Record<string, string | number>,
  at: string,
  nearlyPercent: number,
): Shortage[] {
  const left = Math.max(0, max - count);
  if (max <= 0 || (count * 100 < nearlyPercent * max && left >= needed)) return [];
  const data = { path, count, max, left, ...more };
  return [{ messageId, nothingLeft: left < needed, path, data, at, value: `${count} of ${max}` }];
}

/** With a unit that keeps the number short. */
function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, count)) / 10));
  return `${Math.round((count / 1024 ** power) * 10) / 10} ${units[power]}`;
}
