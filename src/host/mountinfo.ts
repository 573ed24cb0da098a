import type { NsId } from '../model/namespace.ts';

/** One mount, as the process whose mountinfo it is sees it. */
export interface Mount {
  id: number;
  /** Id of the mount that it is on. */
  parent: number;
  /** Group of mounts to and from which mounts propagate; null: private. */
  peers: number | null;
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
    mounts.push({ ...placeOf(line), fsType, superOptions: superOptions.split(',') });
  }
  return mounts;
}

/** What is mounted on exactly that path, the youngest last. Looks at lines that name it alone. */
export function mountsOn(text: string, mountPoint: string): Omit<Mount, 'fsType' | 'superOptions'>[] {
  const found: Omit<Mount, 'fsType' | 'superOptions'>[] = [];
  const needle = ` ${mountPoint} `;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at)) {
    const end = text.indexOf('\n', at);
    const line = text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end;
    const place = placeOf(line.slice(0, line.indexOf(' - ')));
    if (place.mountPoint === mountPoint) found.push(place);
  }
  return found;
}

/** A line up to the dash: `85 82 0:4 net:[4026532259] /run/netns/x rw shared:26`. */
function placeOf(line: string): Omit<Mount, 'fsType' | 'superOptions'> {
  const [id, parent, device = '', root = '', mountPoint = ''] = line.split(' ', 5);
  const peers = / shared:(\d+)/.exec(line)?.[1];
  return {
    id: Number(id),
    parent: Number(parent),
    peers: peers === undefined ? null : Number(peers),
    device: deviceNumber(device),
    root: unescapePath(root),
    mountPoint: unescapePath(mountPoint),
  };
}

const NAMESPACE = /^(net|ipc|uts|user|pid):\[(\d+)\]$/;

/** The namespace that a mount of type nsfs holds; null for types that nobody pins. */
export function mountedNamespace(
  mount: Pick<Mount, 'device' | 'root'>,
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
