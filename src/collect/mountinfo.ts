import type { NsId } from '../model/namespace.ts';

/** One mount, as the process whose mountinfo it is sees it. */
export interface Mount {
  /** As stat's st_dev of a file on it. */
  device: number;
  /** Folder or file of that file system which is mounted. */
  root: string;
  mountPoint: string;
  fsType: string;
  /** Options of the file system itself, e.g. the controllers of a cgroup v1 mount. */
  superOptions: string[];
}

/** Mounts of the file system types that `wanted` names, in the order in which they were mounted. */
export function parseMountinfo(text: string, wanted: ReadonlySet<string>): Mount[] {
  const mounts: Mount[] = [];
  // Spaces in paths are escaped, so that this one separates. Most lines are long and of no interest: none is cut
  // out before its type is known.
  for (let dash = text.indexOf(' - '); dash >= 0; dash = text.indexOf(' - ', dash)) {
    const end = text.indexOf('\n', dash);
    const fsType = text.slice(dash + 3, text.indexOf(' ', dash + 3));
    const before = dash;
    dash = end < 0 ? text.length : end;
    if (!wanted.has(fsType)) continue;
    const superOptions = text.slice(before + 3, dash).split(' ', 3)[2] ?? '';
    const line = text.slice(text.lastIndexOf('\n', before) + 1, before);
    const [, , device = '', root = '', mountPoint = ''] = line.split(' ', 5);
    mounts.push({
      device: deviceNumber(device),
      root: unescapePath(root),
      mountPoint: unescapePath(mountPoint),
      fsType,
      superOptions: superOptions.split(','),
    });
  }
  return mounts;
}

const NAMESPACE = /^(net|ipc|uts|user|pid):\[(\d+)\]$/;

/** The namespace that a mount of type nsfs holds; null for types that nobody pins. */
export function mountedNamespace(
  mount: Mount,
): { type: 'net' | 'ipc' | 'uts' | 'user' | 'pid'; ns: NsId } | null {
  const match = NAMESPACE.exec(mount.root);
  if (!match) return null;
  return {
    type: match[1] as 'net' | 'ipc' | 'uts' | 'user' | 'pid',
    ns: `${mount.device}:${Number(match[2])}`,
  };
}

/** `major:minor` as one number, packed as the C library packs st_dev. */
function deviceNumber(text: string): number {
  const [major = 0, minor = 0] = text.split(':').map(Number);
  const low = (minor & 0xff) + (major & 0xfff) * 0x100;
  return low + Math.floor(minor / 0x100) * 0x100000 + Math.floor(major / 0x1000) * 0x100000000000;
}

/** The kernel writes space, tab, line end, backslash and `#` as three octal digits. */
export function unescapePath(path: string): string {
  if (!path.includes('\\')) return path;
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
