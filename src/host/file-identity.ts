import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { FileIdentity } from '../model/plan.ts';
import { isMissing, problemOf } from './read-host.ts';

export interface IdentifiedFile {
  file: FileIdentity;
  content: Buffer;
  /** Permission bits. */
  mode: number;
  /** Milliseconds since 1970. */
  mtime: number;
}

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads a regular file and what tells it from another one of its name. No link is followed in the last part.
 * Throws the system's error, or an Error for what is no regular file or larger than 4 MiB.
 */
export function identifyFile(path: string): IdentifiedFile {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new Error(`${path} is no regular file`);
    if (stat.size > MAX_BYTES) throw new Error(`${path} is larger than ${MAX_BYTES} bytes`);
    const content = fs.readFileSync(fd);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const { dev, ino, mode, mtimeMs } = stat;
    return { file: { dev, ino, sha256 }, content, mode: mode & 0o7777, mtime: mtimeMs };
  } finally {
    fs.closeSync(fd);
  }
}

/** The same; null when there is no such file. Throws an Error worded for people. */
export function identifyIfThere(path: string): IdentifiedFile | null {
  try {
    return identifyFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw new Error(problemOf(error, path).message);
  }
}

export function sameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.sha256 === b.sha256;
}

/** What identifies a file; null when it is gone, no regular file, or was changed since `mtime`. */
export function identifySince(path: string, mtime: number): FileIdentity | null {
  try {
    const found = identifyFile(path);
    return found.mtime === mtime ? found.file : null;
  } catch {
    return null;
  }
}
