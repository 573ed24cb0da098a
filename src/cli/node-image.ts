import fs from 'node:fs';
import path from 'node:path';
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
  if (isProc(proc)) {
    const first = identity(path.join(proc, '1/root/'));
    // Where it may not be read, as in a pod without the right to trace, nothing speaks against a running node.
    return first !== null && first !== identity(root);
  }
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

/** Null when it cannot be read. */
function identity(folder: string): string | null {
  try {
    const { dev, ino } = fs.statSync(folder);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
