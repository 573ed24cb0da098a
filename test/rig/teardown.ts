import fs from 'node:fs';
import path from 'node:path';
import { cgroupFolders, isOwnCache, ownIds, ownPins, shimSockets } from './belongings.ts';
import { CNI_CACHE, linesOf, namesIn } from './files.ts';
import type { Instance } from './instance.ts';
import { cacheFolder } from './packages.ts';
import { commandLine, findProcesses, type ProcessId, processId, signal, until } from './process.ts';
import { sh } from './sh.ts';

const RUNC_STATE = '/run/containerd/runc/k8s.io';

/**
 * Takes an instance away by force: it works alike on a healthy one, a broken one, and one whose owner
 * was killed. Touches only what carries the instance's own names, ids, folder or subnet.
 */
export async function clean(own: Instance): Promise<void> {
  const ids = await cutPower(own);
  for (const name of namesIn(CNI_CACHE)) if (isOwnCache(own, ids, name)) remove(path.join(CNI_CACHE, name));
  const left = mountsBelow(own.dir);
  if (left.length > 0) throw new Error(`${left.join(', ')} is still mounted: not removing ${own.dir}`);
  fs.rmSync(own.dir, { recursive: true, force: true });
}

/**
 * Ends what a machine loses with its power: processes, mounts, pins, links, cgroups and files below /run. Gives the
 * ids of the sandboxes and containers that were. Files of containerd's root folder and of CNI stay.
 */
export async function cutPower(own: Instance): Promise<Set<string>> {
  await killAll(own, () => daemons(own));
  const ids = ownIds(own);
  const sockets = shimSockets(own);
  const pins = await ownPins(own, busybox());
  await killAll(own, () => [...programs(own), ...members(cgroupFolders(own, ids))]);
  await unmount(mountsBelow(own.dir));
  for (const pin of pins) await removePin(pin);
  if (fs.existsSync(`/sys/class/net/${own.bridge}`)) await sh(busybox(), ['ip', 'link', 'del', own.bridge]);
  for (const id of ids) remove(path.join(RUNC_STATE, id));
  for (const socket of sockets) remove(socket);
  for (const folder of cgroupFolders(own, ids)) await removeCgroup(folder);
  return ids;
}

/** The busybox that rigs use for what the machine may lack: ip, nsenter, umount. */
export function busybox(): string {
  return path.join(cacheFolder(), 'tools/bin/busybox');
}

/** Mount points below a folder, last mounted first. */
export function mountsBelow(folder: string): string[] {
  return mountPoints()
    .filter((point) => point.startsWith(`${folder}/`))
    .reverse();
}

function mountPoints(): string[] {
  return linesOf('/proc/self/mounts').map((line) => line.split(' ')[1] ?? '');
}

/** One program for many: a rig of the benchmark has thousands of mounts. */
async function unmount(points: string[]): Promise<void> {
  for (let i = 0; i < points.length; i += 200) {
    await sh(busybox(), ['umount', '-l', ...points.slice(i, i + 200)]);
  }
}

/** The instance's programs, its own by name and folder. */
function programs(own: Instance): ProcessId[] {
  return findProcesses(
    (args) =>
      args.slice(0, 2).some((a) => a.startsWith(`${own.dir}/`)) ||
      (/^(containerd|containerd-shim.*|runc|ctr)$/.test(path.basename(args[0] ?? '')) &&
        args.some((a) => a.includes(`${own.dir}/`))),
  );
}

function daemons(own: Instance): ProcessId[] {
  return programs(own).filter((p) => path.basename(commandLine(p.pid)[0] ?? '') === 'containerd');
}

function members(folders: string[]): ProcessId[] {
  return folders.flatMap(pidsBelow).flatMap((pid) => processId(pid) ?? []);
}

/** Kills what `find` gives until it gives nothing: a process may start another while we look. */
function killAll(own: Instance, find: () => ProcessId[]): Promise<void> {
  return until(`the processes of ${own.dir} to end`, () => {
    const found = find();
    for (const id of found) signal(id, 'SIGKILL');
    return found.length === 0;
  });
}

function pidsBelow(folder: string): number[] {
  const own = linesOf(path.join(folder, 'cgroup.procs')).map(Number);
  return own.concat(subfolders(folder).flatMap(pidsBelow));
}

/** With all below it. */
export async function removeCgroup(folder: string): Promise<void> {
  for (const sub of subfolders(folder)) await removeCgroup(sub);
  // A cgroup stays busy for a moment after its last process has gone.
  await until(`${folder} to be removable`, () => {
    try {
      fs.rmdirSync(folder);
    } catch {
      return !fs.existsSync(folder);
    }
    return true;
  });
}

async function removePin(pin: string): Promise<void> {
  await unmount(mountPoints().filter((point) => point === pin));
  fs.rmSync(pin, { force: true });
}

function subfolders(folder: string): string[] {
  return namesIn(folder)
    .map((name) => path.join(folder, name))
    .filter((sub) => fs.statSync(sub, { throwIfNoEntry: false })?.isDirectory());
}

function remove(file: string): void {
  fs.rmSync(file, { recursive: true, force: true });
}
