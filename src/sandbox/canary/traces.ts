import fs from 'node:fs';
import path from 'node:path';
import { networkAt } from './conversation.ts';

const HIERARCHIES = '/sys/fs/cgroup';

/** Folders of a process's cgroups that are named after one of these ids, in all hierarchies. */
export function cgroupFolders(pid: number, ids: readonly string[]): string[] {
  return linesOf(`/proc/${pid}/cgroup`).flatMap((line) => {
    const [, controllers = '', ...rest] = line.split(':');
    const cgroup = rest.join(':');
    if (!ids.some((id) => cgroup.includes(id))) return [];
    const hierarchies = controllers === '' ? ['', 'unified'] : [controllers.replace(/^name=/, '')];
    return hierarchies.map((name) => path.join(HIERARCHIES, name, cgroup)).filter((f) => fs.existsSync(f));
  });
}

/** The node's ends of the veths of a network namespace. */
export async function hostEnds(
  netns: string,
  signal: AbortSignal,
): Promise<{ index: number; name: string }[]> {
  const inside = await networkAt(netns, signal);
  const node = await networkAt(`/proc/${process.pid}/ns/net`, signal);
  const peers = new Set(inside.links.filter(({ kind }) => kind === 'veth').map(({ peerIndex }) => peerIndex));
  return node.links.filter(({ index, kind }) => kind === 'veth' && peers.has(index));
}

function linesOf(file: string): string[] {
  try {
    return fs.readFileSync(file, 'latin1').split('\n');
  } catch {
    return [];
  }
}
