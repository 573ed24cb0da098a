import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Daemon, PinsFact } from '../model/facts.ts';
import type { NsId } from '../model/namespace.ts';
import type { Problem } from '../model/outcome.ts';

/** Whose mounts were read, and the text of that mountinfo. */
export interface MountView {
  seenBy: PinsFact['seenBy'];
  mountinfo: string;
}

/**
 * Mounts as the runtime has them: pins are made in its mount namespace, and may be nowhere else.
 * Falls back to PID 1 and then to podctl itself; a refusal adds a problem. Null: none is readable.
 */
export function readMountView(
  host: ReadHost,
  daemons: readonly Daemon[],
  problems: Problem[],
): MountView | null {
  for (const seenBy of candidates(host, daemons)) {
    const path = `/proc/${seenBy.what === 'self' ? 'self' : seenBy.pid}/mountinfo`;
    try {
      return { seenBy, mountinfo: host.readKernel(path) };
    } catch (error) {
      if (!isMissing(error)) problems.push(problemOf(error, path));
    }
  }
  return null;
}

function candidates(host: ReadHost, daemons: readonly Daemon[]): PinsFact['seenBy'][] {
  const own = ownMountNamespace(host);
  const runtimes = daemons
    .filter((d) => d.kind === 'containerd' || d.kind === 'crio')
    // A runtime that lives somewhere else serves a node inside this node.
    .sort((a, b) => Number(b.mnt === own) - Number(a.mnt === own) || a.pid - b.pid)
    .map((d) => ({ pid: d.pid, what: 'runtime' as const }));
  return [...runtimes, { pid: 1, what: 'init' }, { pid: process.pid, what: 'self' }];
}

function ownMountNamespace(host: ReadHost): NsId | null {
  try {
    return host.nsId('/proc/self/ns/mnt');
  } catch {
    return null;
  }
}
