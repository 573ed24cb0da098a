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
  /** Options of this mount. */
  options: string[];
  fsType: string;
  /** Options of the file system itself, e.g. the controllers of a cgroup v1 mount. */
  superOptions: string[];
}

/** Mounts of the file system types that `wanted` has, in the order in which they were mounted. */
export function parseMountinfo(text: string, wanted: Pick<ReadonlySet<string>, 'has'>): Mount[] {
  const mounts: Mount[] = [];
  // Spaces in paths are escaped, so that this one separates. Most lines are long and of no interest: none is cut
  // out before its type is known.
  for (let dash = text.indexOf(' - '); dash >= 0; dash = text.indexOf(' - ', dash)) {
    const end = endOfLine(text, dash);
    if (wanted.has(text.slice(dash + 3, text.indexOf(' ', dash + 3))))
      mounts.push(mountOf(text.slice(text.lastIndexOf('\n', dash) + 1, end)));
    dash = end;
  }
  return mounts;
}

/** What is mounted on exactly that path, the youngest last. Looks at lines that name it alone. */
export function mountsOn(text: string, mountPoint: string): Mount[] {
  const found: Mount[] = [];
  const needle = ` ${escapePath(mountPoint)} `;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at)) {
    const end = endOfLine(text, at);
    const mount = mountOf(text.slice(text.lastIndexOf('\n', at) + 1, end));
    // The text may stand in another field.
    if (mount.mountPoint === mountPoint) found.push(mount);
    at = end;
  }
  return found;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** A line: `85 82 0:4 net:[4026532259] /run/netns/x rw shared:26 - nsfs nsfs rw`. */
function mountOf(line: string): Mount {
  const [before = '', after = ''] = line.split(' - ', 2);
  const [id, parent, device = '', root = '', mountPoint = '', options = ''] = before.split(' ', 6);
  const [fsType = '', , superOptions = ''] = after.split(' ', 3);
  const peers = / shared:(\d+)/.exec(before)?.[1];
  return {
    id: Number(id),
    parent: Number(parent),
    peers: peers === undefined ? null : Number(peers),
    device: deviceNumber(device),
    root: unescapePath(root),
    mountPoint: unescapePath(mountPoint),
    options: options.split(','),
    fsType,
    superOptions: superOptions.split(','),
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

/** As the kernel writes it: space, tab, line end, backslash and `#` as three octal digits. */
function escapePath(path: string): string {
  return path.replace(/[ \t\n\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function unescapePath(path: string): string {
  if (!path.includes('\\')) return path;
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
