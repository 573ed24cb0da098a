import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Problem } from '../model/outcome.ts';
import { isThere } from './config/layout.ts';

/** A hierarchy of cgroups. */
export interface Hierarchy {
  /** Mount point. */
  at: string;
  version: 1 | 2;
}

const ROOT = '/sys/fs/cgroup';
/** Hierarchies in which every runtime puts every container: one of them is walked. */
const FIRST = ['pids', 'systemd', 'memory', 'cpu,cpuacct', 'cpu'];
/** Deeper than runtimes nest; a container may nest its own as deep as it likes. */
const MAX_DEPTH = 6;
const MAX_FOLDERS = 500;

/**
 * The hierarchies of a node, the one to walk first: v2's own, or those of v1 below it, and v2's beside them.
 * Found by what is there: mountinfo of a node with many pods is long, and nobody mounts them elsewhere.
 */
export function hierarchies(host: ReadHost, problems: Problem[]): Hierarchy[] {
  if (isThere(host, `${ROOT}/cgroup.controllers`)) return [{ at: ROOT, version: 2 }];
  const found = namesIn(host, problems).flatMap((name): Hierarchy[] => {
    const at = `${ROOT}/${name}`;
    if (isThere(host, `${at}/cgroup.controllers`)) return [{ at, version: 2 }];
    return isThere(host, `${at}/cgroup.procs`) ? [{ at, version: 1 }] : [];
  });
  const rank = ({ at, version }: Hierarchy) => {
    const place = FIRST.indexOf(at.slice(ROOT.length + 1));
    return version === 1 && place >= 0 ? place : FIRST.length;
  };
  return found.sort((a, b) => rank(a) - rank(b));
}

/** Links (cpu beside cpu,cpuacct) are the same hierarchy again. */
function namesIn(host: ReadHost, problems: Problem[]): string[] {
  try {
    return host.folders(ROOT);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, ROOT));
    return [];
  }
}

/**
 * Whether a process is in a cgroup or below; false when it is gone, null when that could not be read.
 * `likely`: paths of cgroups below, where processes are as a rule.
 */
export function isPopulated(
  host: ReadHost,
  { at, version }: Hierarchy,
  path: string,
  likely: readonly string[],
): boolean | null {
  try {
    if (version === 1) {
      return likely.some((below) => readProcs(host, at + below) !== '') || hasProcesses(host, at + path);
    }
    return /^populated 1$/m.test(host.readKernel(`${at}${path}/cgroup.events`));
  } catch (error) {
    return isMissing(error) ? false : null;
  }
}

/** v1 does not tell of what is below: each cgroup is asked. Null where there are too many. */
function hasProcesses(host: ReadHost, top: string): boolean | null {
  const todo = [{ folder: top, depth: 0 }];
  let cut = false;
  for (let next = todo.pop(), seen = 1; next !== undefined; next = todo.pop(), seen += 1) {
    if (seen > MAX_FOLDERS) return null;
    const { folder, depth } = next;
    if (readProcs(host, folder) !== '') return true;
    const inside = foldersIn(host, folder);
    if (depth === MAX_DEPTH) cut ||= inside.length > 0;
    else todo.push(...inside.map((name) => ({ folder: `${folder}/${name}`, depth: depth + 1 })));
  }
  return cut ? null : false;
}

/** A cgroup that went away has none. */
function readProcs(host: ReadHost, folder: string): string {
  try {
    return host.readKernel(`${folder}/cgroup.procs`);
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

function foldersIn(host: ReadHost, folder: string): string[] {
  try {
    return host.folders(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
