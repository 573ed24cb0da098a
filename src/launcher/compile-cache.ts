import fs from 'node:fs';
import path from 'node:path';

/**
 * What a file of compiled code holds; undefined when there is none, or when anybody but `owner` or root could have
 * written it: compiled code runs without a look at the source, and podctl is run by root.
 */
export function readTrusted(file: string, owner: number): Buffer | undefined {
  try {
    if (!isTheirs(fs.lstatSync(path.dirname(file)), owner)) return undefined;
    const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    try {
      const stat = fs.fstatSync(fd);
      return stat.isFile() && isTheirs(stat, owner) ? fs.readFileSync(fd) : undefined;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/**
 * Writes such a file, whole or not at all. Does nothing where it would not be read again, or may not be written:
 * an installation that nobody may write to is none the worse. `content` is called only when there is hope.
 */
export function writeTrusted(file: string, owner: number, content: () => Buffer): void {
  const self = process.geteuid?.();
  if (self === undefined || (self !== owner && self !== 0)) return;
  const folder = path.dirname(file);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
    if (!isTheirs(fs.lstatSync(folder), owner)) return;
    const fd = fs.openSync(temporary, 'wx', 0o644);
    try {
      fs.writeFileSync(fd, content());
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(temporary, file);
  } catch {
    discard(temporary);
  }
}

function discard(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // Where it could not even be made there is nothing to take away.
  }
}

/** Owned by the owner of the program or by root, and writable by nobody else. A link is writable by all. */
function isTheirs({ uid, mode }: fs.Stats, owner: number): boolean {
  return (uid === owner || uid === 0) && (mode & 0o022) === 0;
}
