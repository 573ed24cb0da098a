import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Daemon, PinsFact } from '../model/facts.ts';
import type { NsId } from '../model/namespace.ts';
import type { Problem } from '../model/outcome.ts';
import { samePath } from './config/layout.ts';
import { socketOwners } from './sockets.ts';

/** Whose mounts were read, and the text of that mountinfo. */
export interface MountView {
  seenBy: PinsFact['seenBy'];
  mountinfo: string;
}

/**
 * Mounts as the runtime has them: pins are made in its mount namespace, and may be nowhere else. `endpoint`: socket
 * of the runtime that is looked at, where there are several. Falls back to PID 1 and then to podctl itself; a refusal
 * adds a problem. Null: none is readable.
 */
export function readMountView(
  host: ReadHost,
  daemons: readonly Daemon[],
  endpoint: string | null,
  problems: Problem[],
): MountView | null {
  for (const seenBy of candidates(host, daemons, endpoint)) {
    const mountinfo = mountinfoOf(host, seenBy, problems);
    if (mountinfo !== null) return { seenBy, mountinfo };
  }
  return null;
}

/** Null: it is gone, or (a problem then) refuses. */
export function mountinfoOf(
  host: ReadHost,
  { pid, what }: PinsFact['seenBy'],
  problems: Problem[],
): string | null {
  const path = `/proc/${what === 'self' ? 'self' : pid}/mountinfo`;
  try {
    return host.readKernel(path);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, path));
    return null;
  }
}

function candidates(
  host: ReadHost,
  daemons: readonly Daemon[],
  endpoint: string | null,
): PinsFact['seenBy'][] {
  const own = ownMountNamespace(host);
  const runtimes = daemons.filter((d) => d.kind === 'containerd' || d.kind === 'crio');
  const serving = servingPid(host, runtimes, endpoint);
  const rank = ({ pid, mnt }: Daemon) => (pid === serving ? 2 : Number(mnt === own));
  const ranked = runtimes
    // A runtime that lives somewhere else serves a node inside this node, unless it is the one that was asked for.
    .sort((a, b) => rank(b) - rank(a) || a.pid - b.pid)
    .map((d) => ({ pid: d.pid, what: 'runtime' as const }));
  return [...ranked, { pid: 1, what: 'init' }, { pid: process.pid, what: 'self' }];
}

/** Which of several runtimes with different mounts listens at the endpoint; null where all have the same. */
function servingPid(host: ReadHost, runtimes: readonly Daemon[], endpoint: string | null): number | null {
  if (endpoint === null || new Set(runtimes.map((d) => d.mnt)).size < 2) return null;
  try {
    const owners = socketOwners(
      host,
      runtimes.map((d) => d.pid),
      [],
    );
    return owners.find(({ path }) => samePath(path, endpoint))?.pid ?? null;
  } catch {
    return null;
  }
}

function ownMountNamespace(host: ReadHost): NsId | null {
  try {
    return host.nsId('/proc/self/ns/mnt');
  } catch {
    return null;
  }
}
