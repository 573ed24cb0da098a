import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { plant } from './node-tree.ts';

/** A process of a node that is laid out below a folder. */
export interface PlantedProcess {
  pid: number;
  ppid?: number;
  comm?: string;
  state?: string;
  startTicks?: number;
  /** PF_* of the kernel. */
  taskFlags?: number;
  cgroup?: string;
  /** Target of /proc/PID/exe; none for a kernel thread. */
  exe?: string;
  args?: string[];
  /** Inodes by type; none for a zombie. */
  ns?: Record<string, number>;
  files?: Record<string, string>;
}

/** Inodes of the namespaces that the kernel makes first. */
export const HOST_INODES = {
  cgroup: 4026531835,
  ipc: 4026531839,
  mnt: 4026531832,
  net: 4026531833,
  pid: 4026531836,
  time: 4026531834,
  user: 4026531837,
  uts: 4026531838,
};

/** Lays out /proc of processes below `root`; PID 1 is added unless it is among them. */
export function plantProcesses(root: string, ...processes: PlantedProcess[]): void {
  const init = processes.some((p) => p.pid === 1)
    ? []
    : [{ pid: 1, ppid: 0, comm: 'init', exe: '/sbin/init' }];
  for (const one of [...init, ...processes]) plantProcess(root, one);
}

function plantProcess(root: string, one: PlantedProcess): void {
  const { pid, ppid = 1, comm = 'sleep', state = 'S', startTicks = 4711, taskFlags = 0x400000 } = one;
  const folder = `/proc/${pid}`;
  plant(root, {
    [`${folder}/stat`]: `${pid} (${comm}) ${state} ${ppid} ${pid} ${pid} 0 -1 ${taskFlags} 569 0 0 0 0 1 0 0 20 0 1 0 ${startTicks} 188416 0\n`,
    [`${folder}/comm`]: `${comm}\n`,
    [`${folder}/cgroup`]: one.cgroup ?? '0::/\n',
    [`${folder}/cmdline`]: (one.args ?? []).map((arg) => `${arg}\0`).join(''),
    ...Object.fromEntries(Object.entries(one.files ?? {}).map(([name, text]) => [`${folder}/${name}`, text])),
  });
  if (one.exe !== undefined) fs.symlinkSync(one.exe, path.join(root, folder, 'exe'));
  for (const [type, inode] of Object.entries(one.ns ?? HOST_INODES)) {
    fs.mkdirSync(path.join(root, folder, 'ns'), { recursive: true });
    fs.symlinkSync(`${type}:[${inode}]`, path.join(root, folder, 'ns', type));
  }
}

/** Starts a program that the end of the test kills, and waits until `ready` is true of it. */
export async function started(
  file: string,
  args: string[],
  ready: (pid: number) => boolean,
  env: Record<string, string> = {},
): Promise<number> {
  const child = spawn(file, args, { stdio: 'ignore', env: { PATH: process.env.PATH, ...env } });
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${file} ${args.join(' ')} ended with ${code}`)));
  });
  ended.catch(() => {});
  onTestFinished(() => stopped(child));
  const { pid } = child;
  if (pid === undefined) return ended;
  await Promise.race([ended, until(() => ready(pid))]);
  return pid;
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGKILL');
  });
}

/** Waits for something that other processes bring about; the deadline of the test is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The path that a link of /proc shows; '' while there is none. */
export function linkOf(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}
