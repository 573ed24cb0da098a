import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import { type Problem, problem } from '../model/outcome.ts';
import { ownerOfPath } from './cgroup-path.ts';
import type { Hierarchy } from './cgroup-tree.ts';

/** A pod's cgroup by its path, and the hierarchies that have it. */
export interface Place {
  uid: string;
  in: Hierarchy[];
}

/** Deeper than any parent that somebody gives kubelet. */
const MAX_DEPTH = 8;
const MAX_FOLDERS = 20_000;
/** Some milliseconds' worth of folders. */
const BATCH = 200;

/** Where pods are not: services, sessions, and what is inside a container, where names mean nothing. */
const NO_PODS =
  /^(system\.slice|user\.slice|machine\.slice|init\.scope|.*\.(service|scope|mount|swap|socket))$|[0-9a-f]{64}/;
const PODS = /kubepods/;

/**
 * Cgroups of pods by path: one hierarchy is walked, and the others are looked into where pods can be after that.
 * So a pod that is left over in one hierarchy alone is found beside others.
 */
export async function findPods(
  host: ReadHost,
  [main, ...others]: readonly Hierarchy[],
  signal: AbortSignal,
  problems: Problem[],
): Promise<Map<string, Place>> {
  const found = new Map<string, Place>();
  const add = (path: string, uid: string, hierarchy: Hierarchy) => {
    const place = found.get(path) ?? { uid, in: [] };
    place.in.push(hierarchy);
    found.set(path, place);
  };
  if (main === undefined) return found;
  for (const parent of await walk(host, main, signal, problems, add)) {
    for (const hierarchy of others) {
      for (const name of foldersIn(host, hierarchy.at + parent, problems)) {
        const path = `${parent}/${name}`;
        const podUid = podOf(path);
        if (podUid !== null) add(path, podUid, hierarchy);
      }
    }
  }
  return found;
}

/** Null for what is no pod's, and for a container's, which may stand outside of its pod's. */
function podOf(path: string): string | null {
  const { podUid, containerId } = ownerOfPath(path);
  return containerId === null ? podUid : null;
}

/** Gives the folders in which pods are, or were meant to be. */
async function walk(
  host: ReadHost,
  hierarchy: Hierarchy,
  signal: AbortSignal,
  problems: Problem[],
  add: (path: string, uid: string, hierarchy: Hierarchy) => void,
): Promise<Set<string>> {
  const parents = new Set<string>();
  const todo = [{ path: '', depth: 0 }];
  let seen = 0;
  for (let next = todo.pop(); next !== undefined && !signal.aborted; next = todo.pop()) {
    if (seen % BATCH === BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
    seen += 1;
    if (seen > MAX_FOLDERS) {
      const message = `${hierarchy.at} holds more than ${MAX_FOLDERS} cgroups; the rest was not read`;
      problems.push(problem('truncated', message, hierarchy.at));
      break;
    }
    const { path, depth } = next;
    if (PODS.test(path)) parents.add(path);
    for (const name of foldersIn(host, hierarchy.at + path, problems)) {
      const inside = `${path}/${name}`;
      const podUid = podOf(inside);
      if (podUid !== null) {
        parents.add(path);
        add(inside, podUid, hierarchy);
      } else if (depth < MAX_DEPTH && !NO_PODS.test(name)) {
        todo.push({ path: inside, depth: depth + 1 });
      }
    }
  }
  return parents;
}

function foldersIn(host: ReadHost, folder: string, problems: Problem[]): string[] {
  try {
    return host.folders(folder);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, folder));
    return [];
  }
}
