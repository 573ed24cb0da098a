import fs from 'node:fs';
import path from 'node:path';

/**
 * Writes a whole file or nothing: temporary file beside it, fsync, rename, fsync of the folder.
 * With `owner`, it is that one's and has exactly that mode, whatever our umask says.
 * Throws the system's error, after taking the temporary file away.
 */
export function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  mode: number,
  owner?: { uid: number; gid: number },
): void {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  const fd = fs.openSync(temporary, 'wx', mode);
  try {
    if (owner) fs.fchownSync(fd, owner.uid, owner.gid);
    if (owner) fs.fchmodSync(fd, mode);
    fs.writeFileSync(fd, content);
    fs.fsyncSync(fd);
    fs.closeSync(fd);
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  const folder = fs.openSync(path.dirname(file), 'r');
  fs.fsyncSync(folder);
  fs.closeSync(folder);
}
