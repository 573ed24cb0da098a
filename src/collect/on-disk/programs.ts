import type { ReadHost } from '../../host/read-host.ts';
import type { NodeProgram } from '../../model/facts.ts';
import { PROGRAM_FOLDERS } from './folders.ts';
import { versionOnDisk } from './program-version.ts';

/** A program of a node image: the first of its name; null where there is none. */
export function programOnDisk(host: ReadHost, name: NodeProgram['name']): NodeProgram | null {
  const path = PROGRAM_FOLDERS.map((folder) => `${folder}/${name}`).find((file) => isFile(host, file));
  return path === undefined ? null : { name, path, version: versionOnDisk(host, name, path) };
}

function isFile(host: ReadHost, file: string): boolean {
  try {
    return host.stat(file, { follow: true }).type === 'file';
  } catch {
    return false;
  }
}
