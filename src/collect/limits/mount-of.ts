import { unescapePath } from '../../host/mountinfo.ts';

/** The mount that a path is on. */
export interface MountOf {
  mountPoint: string;
  fsType: string;
  readOnly: boolean;
}

/** File systems behind which somebody else answers, or nobody: the kernel waits for him. */
const REMOTE =
  /^(nfs\d?|cifs|smb\d?|smbfs|fuse(\.|$)|fuseblk|ceph|9p|virtiofs|afs|gfs2?|ocfs2|lustre|glusterfs|autofs|beegfs)/;

/** True where asking may take for ever. */
export function mayHang(fsType: string): boolean {
  return REMOTE.test(fsType);
}

/** The mount of an absolute path without links, from the text of a mountinfo; null where none is told. */
export function mountOf(mountinfo: string, path: string): MountOf | null {
  for (const folder of upwards(path)) {
    const found = lastMountAt(mountinfo, folder);
    if (found !== null) return found;
  }
  return null;
}

function upwards(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, i) => `/${parts.slice(0, parts.length - i).join('/')}`).concat('/');
}

/** Of mounts on each other the last one counts. */
function lastMountAt(mountinfo: string, folder: string): MountOf | null {
  const wanted = ` ${escapePath(folder)} `;
  for (
    let at = mountinfo.lastIndexOf(wanted);
    at >= 0;
    at = at === 0 ? -1 : mountinfo.lastIndexOf(wanted, at - 1)
  ) {
    const begin = mountinfo.lastIndexOf('\n', at) + 1;
    const end = mountinfo.indexOf('\n', at);
    const mount = parseMount(mountinfo.slice(begin, end < 0 ? undefined : end), folder);
    if (mount !== null) return mount;
  }
  return null;
}

/** Null for a line whose mount point is another one: the text may stand in its other fields. */
function parseMount(line: string, folder: string): MountOf | null {
  const [before = '', after = ''] = line.split(' - ', 2);
  const [, , , , mountPoint = '', options = ''] = before.split(' ', 6);
  if (unescapePath(mountPoint) !== folder) return null;
  const [fsType = '', , superOptions = ''] = after.split(' ', 3);
  const readOnly = [options, superOptions].some((list) => list.split(',').includes('ro'));
  return { mountPoint: folder, fsType, readOnly };
}

/** As the kernel writes it. */
function escapePath(path: string): string {
  return path.replace(/[ \t\n\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
