import fs from 'node:fs';
import path from 'node:path';
import { isMissing } from '../host/read-host.ts';

/** Magic numbers of the filesystems of cgroups, the old one and the new one. */
const CGROUP_FS = new Set([0x27e0eb, 0x63677270]);

/**
 * A cgroup with all that are below it in one hierarchy, leaf first; none where it is gone. Throws an Error when
 * the folder is no cgroup: a link on the way, or another filesystem.
 */
export function cgroupTree(hierarchy: string, cgroup: string): string[] {
  const parts = cgroup.split('/').slice(1);
  if (!cgroup.startsWith('/') || parts.some((part) => ['', '.', '..'].includes(part)))
    throw new Error(`${JSON.stringify(cgroup)} is no path of a cgroup`);
  let at = hierarchy;
  for (const part of parts) {
    at = path.join(at, part);
    const stat = fs.lstatSync(at, { throwIfNoEntry: false });
    if (!stat) return [];
    if (!stat.isDirectory()) throw new Error(`${at} is no folder: it is left alone`);
  }
  if (!CGROUP_FS.has(fs.statfsSync(at).type)) throw new Error(`${at} is no cgroup: it is left alone`);
  return below(at);
}

function below(folder: string): string[] {
  const inner = entriesOf(folder).filter((entry) => entry.isDirectory());
  return [...inner.flatMap(({ name }) => below(path.join(folder, name))), folder];
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
