import fs from 'node:fs';
import path from 'node:path';
import type { Containerd } from './containerd.ts';
import { namesIn } from './files.ts';
import { sh } from './sh.ts';
import { busybox } from './teardown.ts';

/** A small file system over host-local's data folder, of which the last byte or inode is taken. */
export async function fillIpam(containerd: Containerd, what: 'bytes' | 'inodes'): Promise<string> {
  const folder = path.join(containerd.ipamDir, containerd.cniNetwork);
  fs.mkdirSync(folder, { recursive: true });
  await mountSmall(folder, 'size=1m,nr_inodes=64');
  fill(folder, what);
  return folder;
}

/** The same over containerd's root, with what is in it. */
export async function fillRoot(containerd: Containerd, what: 'bytes' | 'inodes'): Promise<string> {
  await containerd.halt();
  const { root } = containerd;
  const old = `${root}.old`;
  fs.renameSync(root, old);
  fs.mkdirSync(root, { mode: 0o711 });
  await mountSmall(root, 'size=48m,nr_inodes=20000');
  await sh(busybox(), ['cp', '-a', `${old}/.`, root]);
  await containerd.resume();
  fill(root, what);
  return root;
}

/** Leaves a daemon room for two more open files. Gives its pid. */
export async function limitOpenFiles(containerd: Containerd): Promise<number> {
  const pid = containerd.pid();
  const limit = namesIn(`/proc/${pid}/fd`).length + 2;
  await sh('prlimit', ['--pid', String(pid), `--nofile=${limit}:`]);
  return pid;
}

/** A cgroup around the daemon alone that lets it have three more threads. Gives its path. */
export function limitRuntime(containerd: Containerd): string {
  const cgroup = `${containerd.cgroupRoot}/runtime`;
  const folder = pidsFolder(cgroup);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'cgroup.procs'), String(containerd.pid()));
  limit(folder, 3);
  return cgroup;
}

/** All pods together may have three more processes. Gives the path of their cgroup. */
export function limitPods(containerd: Containerd): string {
  const cgroup = `${containerd.cgroupRoot}/kubepods`;
  limit(pidsFolder(cgroup), 3);
  return cgroup;
}

async function mountSmall(folder: string, options: string): Promise<void> {
  await sh(busybox(), ['mount', '-t', 'tmpfs', '-o', options, 'small', folder]);
}

/** Takes all that is left, in a folder that nobody else looks into. */
function fill(folder: string, what: 'bytes' | 'inodes'): void {
  const inside = path.join(folder, 'lost+found');
  fs.mkdirSync(inside);
  const piece = what === 'bytes' ? Buffer.alloc(4096 * 16) : '';
  try {
    for (let n = 0; ; n += 1) fs.writeFileSync(path.join(inside, String(n)), piece);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** Room for so many more than there are. */
function limit(folder: string, more: number): void {
  const used = Number(fs.readFileSync(path.join(folder, 'pids.current'), 'utf8'));
  fs.writeFileSync(path.join(folder, 'pids.max'), String(used + more));
}

/** In the hierarchy that counts processes. */
function pidsFolder(cgroup: string): string {
  const v1 = '/sys/fs/cgroup/pids';
  return path.join(fs.existsSync(v1) ? v1 : '/sys/fs/cgroup', cgroup);
}
