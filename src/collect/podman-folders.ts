import type { ReadHost } from '../host/read-host.ts';
import type { PodmanPlace } from '../model/facts.ts';
import { readBootTime, TICKS_PER_SECOND } from './clock.ts';
import { parseProcStat } from './proc-stat.ts';

/** Where rootless podman keeps its state, by version and by whether the user has a folder below /run/user. */
const BY_UID = ['/run/user'];
const BY_NAME: readonly RegExp[] = [
  /^podman-run-(\d{1,10})$/,
  /^storage-run-(\d{1,10})$/,
  /^run-(\d{1,10})$/,
];
const BELOW = 'libpod/tmp';
const MOST_USERS = 200;
const MOST_CONTAINERS = 500;
/** Boot is told in whole seconds. */
const CLOCKS_DIFFER_MS = 2000;
/** What keeps a user's namespaces open for podman. */
const PAUSES = new Set(['podman', 'podman pause', 'catatonit', 'conmon']);

/** Folders that users' podmans may have state in. */
export function userFolders(host: ReadHost): { uid: number; tmpDir: string }[] {
  const ofUsers = BY_UID.flatMap((folder) =>
    named(host, folder, /^(\d{1,10})$/).map(({ uid, name }) => ({
      uid,
      tmpDir: `${folder}/${name}/${BELOW}`,
    })),
  );
  const temporary = BY_NAME.flatMap((pattern) =>
    named(host, '/tmp', pattern).map(({ uid, name }) => ({ uid, tmpDir: `/tmp/${name}/${BELOW}` })),
  );
  return [...ofUsers, ...temporary].slice(0, MOST_USERS);
}

/** Only folders that belong to whom they are named after: anybody may make one in /tmp. */
function named(host: ReadHost, folder: string, pattern: RegExp): { uid: number; name: string }[] {
  try {
    return host.list(folder).flatMap((name) => {
      const uid = Number(pattern.exec(name)?.[1] ?? 0);
      if (uid === 0) return [];
      const { type, uid: owner } = host.stat(`${folder}/${name}`);
      return type === 'directory' && owner === uid ? [{ uid, name }] : [];
    });
  } catch {
    return [];
  }
}

/** Podman makes this file at its first run after a reboot; null: it is not there. */
export function aliveAt(host: ReadHost, tmpDir: string): number | null {
  try {
    return host.stat(`${tmpDir}/alive`).mtime;
  } catch {
    return null;
  }
}

/** The process whose namespaces a user's podman joins, and whether it can be that; null: no file names one. */
export function pauseAt(host: ReadHost, tmpDir: string, uid: number): PodmanPlace['pause'] {
  const path = `${tmpDir}/pause.pid`;
  let text: string;
  try {
    text = host.readFile(path, { max: 64 }).trim();
  } catch {
    return null;
  }
  const pid = /^\d{1,10}$/.test(text) ? Number(text) : null;
  if (pid === null || pid === 0) return { path, pid: null, state: 'gone' };
  return { path, pid, state: processState(host, pid, uid) };
}

function processState(host: ReadHost, pid: number, uid: number): 'alive' | 'gone' | 'other' {
  try {
    const stat = parseProcStat(host.readKernel(`/proc/${pid}/stat`));
    if (stat === null || stat.state === 'Z' || stat.state === 'X') return 'gone';
    if (host.stat(`/proc/${pid}`).uid !== uid) return 'gone';
    return PAUSES.has(stat.comm) ? 'alive' : 'other';
  } catch {
    return 'gone';
  }
}

/**
 * Containers of a user that run while their monitor does not, by what is in the run root beside podman's state. A
 * process of a container is of the user, and older than the file that names it.
 */
export function unwatched(host: ReadHost, tmpDir: string, uid: number): number[] {
  const runRoot = `${tmpDir.slice(0, -BELOW.length)}containers`;
  const folders = namesIn(host, runRoot).filter((name) => name.endsWith('-containers'));
  return folders
    .flatMap((folder) =>
      namesIn(host, `${runRoot}/${folder}`).map((id) => `${runRoot}/${folder}/${id}/userdata`),
    )
    .slice(0, MOST_CONTAINERS)
    .flatMap((dir) => {
      const init = processIn(host, `${dir}/pidfile`, uid);
      return init !== null && processIn(host, `${dir}/conmon.pid`, uid) === null ? [init] : [];
    });
}

function namesIn(host: ReadHost, folder: string): string[] {
  try {
    return host.folders(folder);
  } catch {
    return [];
  }
}

/** The process that a file names, if it still is the one; null otherwise. */
function processIn(host: ReadHost, path: string, uid: number): number | null {
  try {
    const pid = Number(/^\d{1,10}$/.exec(host.readFile(path, { max: 64 }).trim())?.[0] ?? 0);
    const stat = pid > 0 ? parseProcStat(host.readKernel(`/proc/${pid}/stat`)) : null;
    if (stat === null || stat.state === 'Z' || stat.state === 'X') return null;
    const startedAt = readBootTime(host) + (stat.startTicks * 1000) / TICKS_PER_SECOND;
    const isOlder = startedAt <= host.stat(path).mtime + CLOCKS_DIFFER_MS;
    return isOlder && host.stat(`/proc/${pid}`).uid === uid ? pid : null;
  } catch {
    return null;
  }
}
