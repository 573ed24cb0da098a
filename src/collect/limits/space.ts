import { isMissing, problemOf, type ReadHost } from '../../host/read-host.ts';
import type { Filesystem } from '../../model/facts.ts';
import { type Problem, problem } from '../../model/outcome.ts';
import { realPathOr } from '../real-path.ts';
import { mayHang, mountOf } from './mount-of.ts';

/** A folder whose space is wanted. */
export interface Place {
  path: string;
  purpose: Filesystem['purpose'];
}

/** As statfs gives it: sizes in bytes. */
interface Space {
  size: number;
  /** What root may take as well. */
  freeForRoot: number;
  free: number;
  inodes: number;
  inodesFree: number;
}

const TIMEOUT_MS = 1000;

/** Null when there is no such folder, or it could not be asked: then a problem says so. */
export async function readFilesystem(
  host: ReadHost,
  { path, purpose }: Place,
  mountinfo: string,
  signal: AbortSignal,
  problems: Problem[],
): Promise<Filesystem | null> {
  try {
    const mount = mountOf(mountinfo, realPathOr(host, path));
    // A thread that waits for a dead server would keep podctl from ending.
    const space = mayHang(mount?.fsType ?? '') ? await askProgram(host, path, signal) : host.space(path);
    if (space === null) {
      problems.push(problem('timeout', `${path} (${mount?.fsType}) does not answer`, path));
      return null;
    }
    return describe(path, purpose, space, mount ?? { mountPoint: '', fsType: '', readOnly: false });
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, path));
    return null;
  }
}

function describe(
  path: string,
  purpose: Filesystem['purpose'],
  { size, free, freeForRoot, inodes, inodesFree }: Space,
  mount: Pick<Filesystem, 'mountPoint' | 'fsType' | 'readOnly'>,
): Filesystem {
  const used = size - freeForRoot;
  return {
    path,
    purpose,
    ...mount,
    size,
    free,
    usedPercent: percent(used, used + free),
    inodes,
    inodesFree,
    inodesUsedPercent: inodes === 0 ? null : percent(inodes - inodesFree, inodes),
  };
}

/** To one decimal, and never rounded up to all. */
function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.floor((part / whole) * 1000) / 10;
}

async function askProgram(host: ReadHost, path: string, signal: AbortSignal): Promise<Space | null> {
  const format = '%S %b %f %a %c %d';
  const { stdout, exitCode } = await host.run('stat', ['-f', '-c', format, '--', path], {
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  return exitCode === 0 ? parseSpace(stdout) : null;
}

/** Block size, blocks, free ones, those for everybody, inodes and free ones; null for another text. */
export function parseSpace(text: string): Space | null {
  const numbers = /^\d{1,20}( \d{1,20}){5}\s*$/.test(text) ? text.trim().split(' ').map(Number) : [];
  const [block, blocks, freeForRoot, free, inodes, inodesFree] = numbers;
  if (block === undefined || blocks === undefined || freeForRoot === undefined) return null;
  if (free === undefined || inodes === undefined || inodesFree === undefined) return null;
  return {
    size: block * blocks,
    freeForRoot: block * freeForRoot,
    free: block * free,
    inodes,
    inodesFree,
  };
}
