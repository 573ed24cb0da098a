import path from 'node:path';
import type { ReadHost } from '../../host/read-host.ts';

/** Where the system has its programs, whatever our caller's PATH says. */
const SYSTEM = ['/usr/local/sbin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const EXECUTABLE = 0o111;

/** The first of these programs that is there, whole; null where there is none. */
export function findProgram(
  host: ReadHost,
  names: readonly string[],
  searched: string | undefined,
): string | null {
  const folders = [...(searched ?? '').split(':').filter((folder) => folder.startsWith('/')), ...SYSTEM];
  for (const name of names) {
    const file = folders
      .map((folder) => path.posix.join(folder, name))
      .find((place) => isProgram(host, place));
    if (file !== undefined) return file;
  }
  return null;
}

function isProgram(host: ReadHost, file: string): boolean {
  try {
    const { type, mode } = host.stat(file, { follow: true });
    return type === 'file' && (mode & EXECUTABLE) !== 0;
  } catch {
    return false;
  }
}
