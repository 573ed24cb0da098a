import fs from 'node:fs';
import path from 'node:path';
import { mountsOn } from '../host/mountinfo.ts';
import { UsageError } from './usage-error.ts';

/** As statfs(2) calls the file system that the kernel shows processes in. */
const PROC_SUPER_MAGIC = 0x9fa0;

/**
 * Is below this folder a node image, in which nothing runs? A running node shows its own processes in its /proc, the
 * first of which has this folder as its root; what an image's /proc shows, if it was mounted to build it, is the
 * machine that builds. Throws a UsageError for a folder that is neither.
 */
export function isImage(root: string): boolean {
  const proc = path.join(root, 'proc');
  if (isProc(proc)) return !isRootOfFirst(root, proc);
  if (fs.readdirSync(root).some((name) => name === 'etc' || name === 'usr')) return true;
  throw new UsageError(
    `--root: ${root} is no root folder of a node, it has neither etc nor usr`,
    'name the folder that the image was unpacked into',
  );
}

function isProc(folder: string): boolean {
  try {
    return (
      fs.lstatSync(folder).isDirectory() &&
      fs.statfsSync(folder).type === PROC_SUPER_MAGIC &&
      fs.existsSync(path.join(folder, '1'))
    );
  } catch {
    return false;
  }
}

/** Where the kernel does not let us look at its root, the mounts that both see there are compared. */
function isRootOfFirst(root: string, proc: string): boolean {
  const first = identity(path.join(proc, '1/root/'));
  if (first !== null) return first === identity(root);
  try {
    const mine = rootMount('/proc/self/mountinfo', fs.realpathSync(root));
    return mine !== null && mine === rootMount(path.join(proc, '1/mountinfo'), '/');
  } catch {
    // A pod in which that is hidden as well was told what to look at by somebody who knows.
    return true;
  }
}

/** What is mounted there on top; null when nothing is. */
function rootMount(mountinfo: string, at: string): string | null {
  const mount = mountsOn(fs.readFileSync(mountinfo, 'utf8'), at).at(-1);
  return mount === undefined ? null : `${mount.device} ${mount.root}`;
}

/** Null when it cannot be read. */
function identity(folder: string): string | null {
  try {
    const { dev, ino } = fs.statSync(folder);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
