import type { NsId } from '../model/namespace.ts';
import { isMissing, problemOf, type ReadHost } from './read-host.ts';

/** A process whose program is to be run once more, from /proc/PID/exe. */
export interface RunningProgram {
  pid: number;
  /** Path of the program, for messages. */
  exe: string;
  mnt: NsId | null;
}

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Why the program of a process is not run as podctl's user; null when it may be. Nobody else can have put it there:
 * it is root's file, and not from the mounts of some container in which a process calls itself `name`.
 */
export function whyNotToRun(host: ReadHost, { pid, exe, mnt }: RunningProgram, name: string): string | null {
  if (host.root !== '') return `programs of the node below ${host.root} are not run`;
  const path = `/proc/${pid}/exe`;
  try {
    if (mnt === null || mnt !== host.nsId('/proc/self/ns/mnt')) {
      return 'it runs in another mount namespace, and is not run from here';
    }
    const { uid, mode } = host.stat(path, { follow: true });
    if (uid !== 0 || (mode & WRITABLE_BY_OTHERS) !== 0) return `${exe} is not root's alone, and is not run`;
    return null;
  } catch (error) {
    return isMissing(error) ? `${name} ended` : problemOf(error, path).message;
  }
}
