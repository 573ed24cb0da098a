import path from 'node:path';
import { isMissing, type ReadHost } from '../host/read-host.ts';

/** What is in the way of a folder: a file or a link that leads to none, in its place or in that of a part of its path. */
export interface Obstacle {
  path: string;
  what: 'file' | 'link' | 'other';
}

/** Null where the folder is there, or nothing speaks against making it. What cannot be read is no obstacle. */
export function obstacleTo(host: ReadHost, folder: string): Obstacle | null {
  for (let at = folder; at !== '/' && at !== '.'; at = path.posix.dirname(at)) {
    const type = typeAt(host, at, false);
    if (type === null) continue;
    if (type === 'directory' || type === 'unknown') return null;
    if (type !== 'link') return { path: at, what: type === 'file' ? 'file' : 'other' };
    const end = typeAt(host, at, true);
    return end === 'directory' || end === 'unknown' ? null : { path: at, what: 'link' };
  }
  return null;
}

/** Null: nothing is there. `unknown`: it could not be seen. */
function typeAt(host: ReadHost, at: string, follow: boolean): string | null {
  try {
    return host.stat(at, { follow }).type;
  } catch (error) {
    return isMissing(error) ? null : 'unknown';
  }
}
