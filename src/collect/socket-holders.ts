import { isMissing, type ReadHost } from '../host/read-host.ts';

const SOCKET = /^socket:\[(\d+)\]$/;

/** Which of these processes hold which sockets: pids by the socket's inode. Those that went away are left out. */
export function socketHolders(
  host: ReadHost,
  pids: readonly number[],
): { holders: Map<number, number[]>; denied: number[] } {
  const holders = new Map<number, number[]>();
  const denied: number[] = [];
  for (const pid of pids) {
    const inodes = socketsOf(host, pid);
    if (inodes === null) denied.push(pid);
    for (const inode of inodes ?? []) holders.set(inode, [...(holders.get(inode) ?? []), pid]);
  }
  return { holders, denied };
}

/** Null: its descriptors may not be read. */
function socketsOf(host: ReadHost, pid: number): Set<number> | null {
  const folder = `/proc/${pid}/fd`;
  const found = new Set<number>();
  try {
    for (const name of host.list(folder)) {
      const inode = SOCKET.exec(linkOf(host, `${folder}/${name}`))?.[1];
      if (inode !== undefined) found.add(Number(inode));
    }
  } catch (error) {
    return isMissing(error) ? found : null;
  }
  return found;
}

/** '' for a descriptor that was closed in the meantime. */
function linkOf(host: ReadHost, path: string): string {
  try {
    return host.readLink(path);
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
