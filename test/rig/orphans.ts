import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { cgroupFolders } from './belongings.ts';
import type { Containerd } from './containerd.ts';
import { CNI_CACHE, namesIn } from './files.ts';
import { initPid, makePod, makePods, type Pod, pinOf, removePod, stopPod } from './pods.ts';
import { commandLine, findProcesses, isAlive, type ProcessId, processId, signal, until } from './process.ts';
import { sh } from './sh.ts';
import { busybox } from './teardown.ts';

/** What was left behind on purpose, by kind: paths, names, ids and processes that must all go. */
export interface Planted {
  pins: string[];
  reservations: string[];
  cache: string[];
  /** Host ends of veths. */
  links: string[];
  shims: ProcessId[];
  pauses: ProcessId[];
  /** One folder in each hierarchy. */
  cgroups: string[];
  /** Dead sandboxes beside a later dead one of the same pod. */
  sandboxes: string[];
}

const DEAD_ATTEMPTS = [0, 1, 2];

/**
 * Leaves `count` orphans of each kind: pins with reservation, cache, veth and cgroup of pods that were removed
 * behind CRI's back; reservations and cache entries that nothing else belongs to; shims that serve nobody;
 * pauses without a record; dead sandboxes. Files and cgroups are made `ageMs` old.
 */
export async function plantOrphans(containerd: Containerd, count: number, ageMs: number): Promise<Planted> {
  const named = (what: string) => Array.from({ length: count }, (_, i) => ({ name: `${what}-${i}` }));
  const leaked = await makePods(containerd, named('leaked'));
  const headless = await makePods(containerd, named('headless'));
  const pins = leaked.map((pod) => must(pinOf(containerd, pod.id), `${pod.name} has no pin`));
  fs.appendFileSync(containerd.journal, pins.map((pin) => `${pin}\n`).join(''));
  const links = await hostLinks(leaked);
  for (const pod of leaked) await removeBehindCri(containerd, pod);
  const pauses = await loseRecords(containerd, headless);
  const sandboxes = await deadSandboxes(containerd, count);
  const shims = await Promise.all(named('shim').map(() => idleShim(containerd)));
  const planted: Planted = {
    pins,
    reservations: [
      ...leaked.flatMap((pod) => reservationsOf(containerd, pod.id)),
      ...named('stray').map((_, i) => strayReservation(containerd, i)),
    ],
    cache: [...leaked.flatMap((pod) => cacheOf(pod.id)), ...named('stray').map(() => strayCache(containerd))],
    links,
    shims,
    pauses,
    // Those of the pauses are no orphans yet: somebody lives there.
    cgroups: leaked.flatMap(({ uid }) => podCgroups(containerd, uid)),
    sandboxes,
  };
  const then = new Date(Date.now() - ageMs);
  for (const file of [...planted.reservations, ...planted.cache, ...planted.cgroups])
    fs.utimesSync(file, then, then);
  return planted;
}

/** What of it is still there, by kind; a kind of which nothing is left is left out. */
export async function remains(containerd: Containerd, planted: Planted): Promise<Record<string, string[]>> {
  const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8');
  const { items } = await containerd.session.call('ListPodSandbox', (c, o) =>
    c.runtime.listPodSandbox({}, o),
  );
  const listed = new Set(items.map((s) => s.id));
  const running = (list: ProcessId[]) =>
    list.filter(isAlive).map(({ pid }) => `${pid} ${commandLine(pid).join(' ')}`);
  const all: Record<string, string[]> = {
    pins: planted.pins.filter((pin) => mounts.includes(` ${pin} `) || fs.existsSync(pin)),
    reservations: planted.reservations.filter((file) => fs.existsSync(file)),
    cache: planted.cache.filter((file) => fs.existsSync(file)),
    links: planted.links.filter((name) => fs.existsSync(`/sys/class/net/${name}`)),
    shims: running(planted.shims),
    pauses: running(planted.pauses),
    cgroups: planted.cgroups.filter((folder) => fs.existsSync(folder)),
    sandboxes: planted.sandboxes.filter((id) => listed.has(id)),
  };
  return Object.fromEntries(Object.entries(all).filter(([, left]) => left.length > 0));
}

/** Task and records go, past CRI, which learns of it at its next start. */
async function removeBehindCri(containerd: Containerd, pod: Pod): Promise<void> {
  for (const id of [...pod.containers.map((c) => c.id), pod.id]) {
    const init = must(processId(initPid(containerd, id)), `${pod.name} does not run`);
    await containerd.ctr('tasks', 'kill', '--signal', 'SIGKILL', id);
    await until('the task to end', () => !isAlive(init));
    // CRI deletes the task itself as soon as it hears of the exit; whoever is second finds nothing.
    await containerd.ctr('tasks', 'rm', id).catch(() => {});
    await until('the task to be gone', async () => !(await containerd.ctr('tasks', 'ls', '-q')).includes(id));
    await containerd.ctr('containers', 'rm', id);
  }
  if (containerd.runtime.line === '2.x') await containerd.ctr('sandboxes', 'rm', '--force', pod.id);
}

/** Bundles are lost while containerd is down, then the pods are removed: pauses and shims stay. */
async function loseRecords(containerd: Containerd, pods: Pod[]): Promise<ProcessId[]> {
  const pauses = pods.map(({ id, name }) => must(processId(initPid(containerd, id)), `${name} does not run`));
  signal(containerd.daemon, 'SIGKILL');
  await until('containerd to end', () => !isAlive(containerd.daemon));
  for (const { id } of pods) {
    const bundle = path.join(containerd.bundles, id);
    await sh(busybox(), ['umount', '-l', path.join(bundle, 'rootfs')]);
    fs.rmSync(bundle, { recursive: true });
  }
  await containerd.resume();
  for (const { id } of pods) await removePod(containerd, id);
  return pauses;
}

/** Gives those that are one too many: all but the latest of each pod. */
async function deadSandboxes(containerd: Containerd, count: number): Promise<string[]> {
  const surplus: string[] = [];
  for (let n = 0; surplus.length < count; n += 1) {
    const uid = randomUUID();
    const ids: string[] = [];
    for (const attempt of DEAD_ATTEMPTS) {
      const { id } = await makePod(containerd, { name: `dead-${n}`, uid, attempt, containers: [] });
      await stopPod(containerd, id);
      ids.push(id);
    }
    surplus.push(...ids.slice(0, -1));
  }
  return surplus;
}

/** A shim that was started and never given a task, whose bundle is gone. */
async function idleShim(containerd: Containerd): Promise<ProcessId> {
  const id = randomBytes(32).toString('hex');
  const bundle = path.join(containerd.dir, `shim-${id.slice(0, 8)}`);
  fs.mkdirSync(bundle);
  fs.writeFileSync(path.join(bundle, 'config.json'), '{"ociVersion":"1.0.2"}');
  const log = path.join(bundle, 'log');
  await sh(busybox(), ['mkfifo', log]);
  // A shim without a reader of its log ends; it goes on when the reader goes later.
  const reader = fs.openSync(log, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
  const { shimDir, containerd: program } = containerd.runtime.bin;
  const args = ['-namespace', 'k8s.io', '-id', id, '-address', containerd.socket];
  const shim = path.join(shimDir, 'containerd-shim-runc-v2');
  const env = { TTRPC_ADDRESS: `${containerd.socket}.ttrpc`, GRPC_ADDRESS: containerd.socket };
  await start(shim, [...args, '-publish-binary', program, 'start'], bundle, env);
  const find = () => findProcesses((words) => words.includes(id) && !words.includes('start'));
  await until(`the shim of ${id} to log`, () => find().some(({ pid }) => hasOpen(pid, log)));
  fs.closeSync(reader);
  fs.rmSync(bundle, { recursive: true });
  return must(find()[0] ?? null, `the shim of ${id} ended`);
}

/** Waits for its end alone: the shim that it leaves keeps what it inherited open. */
function start(file: string, args: string[], cwd: string, env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${file} ${args.join(' ')} ended with ${code}`)),
    );
  });
}

function strayReservation(containerd: Containerd, n: number): string {
  const file = path.join(containerd.ipamDir, containerd.cniNetwork, `${containerd.prefix}250.${n + 1}`);
  fs.writeFileSync(file, `${randomBytes(32).toString('hex')}\r\neth0`);
  return file;
}

/** A copy of a living pod's entry in the name of a container that never was. */
function strayCache(containerd: Containerd): string {
  const id = randomBytes(32).toString('hex');
  const [model = ''] = fs
    .readdirSync(CNI_CACHE)
    .filter((name) => name.startsWith(`${containerd.cniNetwork}-`));
  const entry = JSON.parse(fs.readFileSync(path.join(CNI_CACHE, model), 'utf8')) as Record<string, unknown>;
  const netns = `/var/run/netns/cni-${randomUUID()}`;
  const file = path.join(CNI_CACHE, `${containerd.cniNetwork}-${id}-eth0`);
  fs.writeFileSync(
    file,
    JSON.stringify({ ...entry, containerId: id, netns, result: { cniVersion: '1.0.0' } }),
  );
  return file;
}

function reservationsOf(containerd: Containerd, id: string): string[] {
  const folder = path.join(containerd.ipamDir, containerd.cniNetwork);
  return fs
    .readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => fs.readFileSync(file, 'utf8').startsWith(id));
}

function cacheOf(id: string): string[] {
  return fs
    .readdirSync(CNI_CACHE)
    .filter((name) => name.includes(id))
    .map((name) => path.join(CNI_CACHE, name));
}

/** The host's end of each pod's veth, as the result in its cache names it. */
async function hostLinks(pods: Pod[]): Promise<string[]> {
  return pods.flatMap(({ id }) =>
    cacheOf(id).flatMap((file) => {
      const { result } = JSON.parse(fs.readFileSync(file, 'utf8')) as {
        result: { interfaces?: { name: string; sandbox?: string }[] };
      };
      return (result.interfaces ?? [])
        .filter(({ name, sandbox }) => !sandbox && name.startsWith('veth'))
        .map(({ name }) => name);
    }),
  );
}

function podCgroups(containerd: Containerd, uid: string): string[] {
  return cgroupFolders(containerd.instance)
    .map((root) => path.join(root, 'kubepods/besteffort', `pod${uid}`))
    .filter((folder) => fs.existsSync(folder));
}

function must<T>(value: T | null, otherwise: string): T {
  if (value === null) throw new Error(otherwise);
  return value;
}

function hasOpen(pid: number, file: string): boolean {
  return namesIn(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === file);
}

function linkOf(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}
