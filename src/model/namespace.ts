/** `device:inode` of a namespace file: the identity, within one snapshot. A path is only where it was seen. */
export type NsId = `${number}:${number}`;

export type NsType = 'cgroup' | 'ipc' | 'mnt' | 'net' | 'pid' | 'time' | 'user' | 'uts';

export const NS_TYPES: readonly NsType[] = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'];

/** The inode as readlink shows it: `net:[4026531840]`. */
export function nsLink(type: NsType, id: NsId): string {
  return `${type}:[${id.slice(id.indexOf(':') + 1)}]`;
}

/** How a namespace is shared, as CRI counts it: POD 0, CONTAINER 1, NODE 2, TARGET 3. */
export type NsMode = 'pod' | 'container' | 'node' | 'target';
