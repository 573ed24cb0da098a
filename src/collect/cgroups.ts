import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { PodCgroup } from '../model/facts.ts';
import { absent, complete, type Gathered, type Problem, partial, problem } from '../model/outcome.ts';
import { ownerOfPath } from './cgroup-path.ts';
import { type Hierarchy, hierarchies, isPopulated } from './cgroup-tree.ts';
import type { Collector } from './collector.ts';
import { summarize } from './problems.ts';

/** Deeper than any parent that somebody gives kubelet. */
const MAX_DEPTH = 8;
const MAX_FOLDERS = 20_000;
/** Some milliseconds' worth of folders. */
const BATCH = 200;

/** Where pods are not: services, sessions, and what is inside a container, where names mean nothing. */
const NO_PODS =
  /^(system\.slice|user\.slice|machine\.slice|init\.scope|.*\.(service|scope|mount|swap|socket))$/;
const INSIDE = /[0-9a-f]{64}/;

export const cgroupsCollector: Collector<'cgroups'> = {
  fact: 'cgroups',
  summary: 'cgroups of pods: in which hierarchies, whether anything runs in them, containers below',
  timeoutMs: 5000,
  collect({ host, signal }) {
    return collectCgroups(host, signal);
  },
  confirm({ host }, cgroups) {
    // One in which something ran is nobody's leftover, and needs no second look.
    return cgroups.map((one) => ({ ...one, confirmed: one.populated === true || isStillEmpty(host, one) }));
  },
};

async function collectCgroups(host: ReadHost, signal: AbortSignal): Promise<Gathered<PodCgroup[]>> {
  const problems: Problem[] = [];
  const [main, ...others] = hierarchies(host, problems);
  if (main === undefined) return absent('no cgroup hierarchy is mounted at /sys/fs/cgroup');
  const found: PodCgroup[] = [];
  const todo = [{ path: '', depth: 0 }];
  let seen = 0;
  for (let next = todo.pop(); next !== undefined && !signal.aborted; next = todo.pop()) {
    if (seen % BATCH === BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
    seen += 1;
    if (seen > MAX_FOLDERS) {
      problems.push(
        problem('truncated', `${main.at} holds more than ${MAX_FOLDERS} cgroups; the rest was not read`),
      );
      break;
    }
    const { path, depth } = next;
    for (const name of foldersIn(host, main.at + path, problems)) {
      const inside = `${path}/${name}`;
      const { podUid } = ownerOfPath(inside);
      if (podUid !== null) {
        const pod = readPod(host, main, others, inside, podUid, problems);
        if (pod) found.push(pod);
      } else if (depth < MAX_DEPTH && !NO_PODS.test(name) && !INSIDE.test(name)) {
        todo.push({ path: inside, depth: depth + 1 });
      }
    }
  }
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  return problems.length === 0 ? complete(found) : partial(found, summarize(problems));
}

/** Null when it went away while we looked. */
function readPod(
  host: ReadHost,
  main: Hierarchy,
  others: readonly Hierarchy[],
  path: string,
  uid: string,
  problems: Problem[],
): PodCgroup | null {
  try {
    const { mtime } = host.stat(main.at + path);
    const all = [main, ...others.filter(({ at }) => isFolder(host, at + path))];
    const containers = foldersIn(host, main.at + path, problems)
      .map((name) => ownerOfPath(`${path}/${name}`).containerId)
      .filter((id) => id !== null);
    const hierarchies = all.map(({ at }) => at);
    return { path, uid, mtime, hierarchies, populated: inAny(host, all, path), containers, confirmed: false };
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, main.at + path));
    return null;
  }
}

/** Null where one could not be read and nothing is in the others. */
function inAny(host: ReadHost, all: readonly Hierarchy[], path: string): boolean | null {
  let unread = false;
  for (const hierarchy of all) {
    const populated = isPopulated(host, hierarchy, path);
    if (populated === true) return true;
    if (populated === null) unread = true;
  }
  return unread ? null : false;
}

function isStillEmpty(host: ReadHost, { path, hierarchies: at, populated }: PodCgroup): boolean {
  const all = hierarchies(host, []).filter((hierarchy) => at.includes(hierarchy.at));
  return all.some((one) => isFolder(host, one.at + path)) && inAny(host, all, path) === populated;
}

function foldersIn(host: ReadHost, folder: string, problems: Problem[]): string[] {
  try {
    return host.folders(folder);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, folder));
    return [];
  }
}

function isFolder(host: ReadHost, path: string): boolean {
  try {
    return host.stat(path).type === 'directory';
  } catch {
    return false;
  }
}
