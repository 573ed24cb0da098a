import { mountsOn } from '../../host/mountinfo.ts';

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
    // Of mounts on each other the last one counts.
    const mount = mountsOn(mountinfo, folder).at(-1);
    if (mount) {
      const { mountPoint, fsType, options, superOptions } = mount;
      return { mountPoint, fsType, readOnly: options.includes('ro') || superOptions.includes('ro') };
    }
  }
  return null;
}

function upwards(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, i) => `/${parts.slice(0, parts.length - i).join('/')}`).concat('/');
}
