import type { ReadHost } from '../../host/read-host.ts';
import type { Daemon, SharedDatabase } from '../../model/facts.ts';
import { kernelText } from '../at-path.ts';

const DATABASE = /^\/.*\/io\.containerd\.metadata\.v1\.bolt\/meta\.db$/;

/** Databases that more than one containerd has open. A node with one containerd pays nothing. */
export function sharedDatabases(host: ReadHost, daemons: readonly Daemon[]): SharedDatabase[] {
  const all = daemons.filter((d) => d.kind === 'containerd');
  if (all.length < 2) return [];
  const users = new Map<string, number[]>();
  for (const { pid } of all)
    for (const path of databasesOf(host, pid)) users.set(path, [...(users.get(path) ?? []), pid]);
  const shared = [...users].filter(([, pids]) => pids.length > 1);
  if (shared.length === 0) return [];
  const locked = parseWriteLocks(kernelText(host, '/proc/locks'));
  return shared.map(([path, pids]) => {
    const holder = pids.find((pid) => locked.has(pid)) ?? null;
    return { path, holder, waiting: pids.filter((pid) => pid !== holder && !locked.has(pid)) };
  });
}

function databasesOf(host: ReadHost, pid: number): Set<string> {
  const folder = `/proc/${pid}/fd`;
  const found = new Set<string>();
  try {
    for (const fd of host.list(folder)) {
      const path = host.readLink(`${folder}/${fd}`);
      if (DATABASE.test(path)) found.add(path);
    }
  } catch {
    // It ended, or a descriptor was closed meanwhile: what was seen is enough.
  }
  return found;
}

/** Pids of those that hold a whole-file lock for writing, from the text of /proc/locks. Who waits has an arrow. */
export function parseWriteLocks(text: string): Set<number> {
  return new Set(
    [...text.matchAll(/^\d+: FLOCK +ADVISORY +WRITE (\d{1,10}) /gm)].map(([, pid]) => Number(pid)),
  );
}
