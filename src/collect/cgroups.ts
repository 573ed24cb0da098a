import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { PodCgroup } from '../model/facts.ts';
import { absent, complete, type Gathered, type Problem, partial } from '../model/outcome.ts';
import { ownerOfPath } from './cgroup-path.ts';
import { type Hierarchy, hierarchies, isPopulated } from './cgroup-tree.ts';
import { findPods, type Place } from './cgroup-walk.ts';
import type { Collector } from './collector.ts';
import { isThere } from './config/layout.ts';
import { summarize } from './problems.ts';

/** Whether anybody is still in a pod's cgroup: what kubelet should have removed is empty. */
export const cgroupsCollector: Collector<'cgroups'> = {
  fact: 'cgroups',
  summary: 'cgroups of pods: in which hierarchies, whether anything runs in them, containers below',
  timeoutMs: 5000,
  collect({ host, signal }) {
    return collectCgroups(host, signal);
  },
  confirm({ host }, cgroups) {
    const known = cgroups.every(({ populated }) => populated === true) ? [] : hierarchies(host, []);
    // One in which something ran is nobody's leftover, and needs no second look.
    return cgroups.map((one) => ({ ...one, confirmed: one.populated === true || isSame(host, known, one) }));
  },
};

async function collectCgroups(host: ReadHost, signal: AbortSignal): Promise<Gathered<PodCgroup[]>> {
  const problems: Problem[] = [];
  const all = hierarchies(host, problems);
  if (all.length === 0) return absent('no cgroup hierarchy is mounted at /sys/fs/cgroup');
  const found = await findPods(host, all, signal, problems);
  const cgroups = [...found].flatMap(([path, place]) => readPod(host, path, place, problems) ?? []);
  cgroups.sort((a, b) => (a.path < b.path ? -1 : 1));
  return problems.length === 0 ? complete(cgroups) : partial(cgroups, summarize(problems));
}

/** Null when it went away while we looked. */
function readPod(
  host: ReadHost,
  path: string,
  { uid, in: all }: Place,
  problems: Problem[],
): PodCgroup | null {
  const at = all.map((hierarchy) => hierarchy.at);
  const top = `${at[0]}${path}`;
  try {
    const { mtime } = host.stat(top);
    const inside = host.folders(top).map((name) => `${path}/${name}`);
    const containers = inside.map((one) => ownerOfPath(one).containerId).filter((id) => id !== null);
    const populated = inAny(host, all, path, inside);
    return { path, uid, mtime, hierarchies: at, populated, containers, confirmed: false };
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, top));
    return null;
  }
}

/** Null where one could not be read and nothing is in the others. */
function inAny(
  host: ReadHost,
  all: readonly Hierarchy[],
  path: string,
  likely: readonly string[],
): boolean | null {
  let unread = false;
  for (const hierarchy of all) {
    const populated = isPopulated(host, hierarchy, path, likely);
    if (populated === true) return true;
    if (populated === null) unread = true;
  }
  return unread ? null : false;
}

function isSame(
  host: ReadHost,
  known: readonly Hierarchy[],
  { path, hierarchies: at, populated }: PodCgroup,
): boolean {
  const all = known.filter((one) => at.includes(one.at) && isThere(host, one.at + path));
  return all.length > 0 && inAny(host, all, path, []) === populated;
}
