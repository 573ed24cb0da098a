import fs from 'node:fs';
import path from 'node:path';
import { CNI_CACHE, linesOf, namesIn, textOf } from './files.ts';
import type { Instance } from './instance.ts';
import { commandLine, findProcesses } from './process.ts';
import { sh } from './sh.ts';

const PIN_FOLDER = '/run/netns';
const ID = /[0-9a-f]{64}/;
const ID_LENGTH = 64;

/**
 * Folders of the instance's cgroup in every mounted hierarchy, and of the named containers where
 * the runtime puts those without a parent.
 */
export function cgroupFolders(own: Instance, ids: Iterable<string> = []): string[] {
  const known = new Set(ids);
  const wanted = [own.cgroupRoot, ...[...known].map((id) => `/k8s.io/${id}`)];
  // A slice's name given to the cgroupfs driver becomes a folder at the top.
  const isOwnSlice = (name: string) => name.includes('.slice:') && known.has(name.slice(-ID_LENGTH));
  return linesOf('/proc/self/mounts')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .flatMap(([, point = '']) =>
      [...wanted, ...namesIn(point).filter(isOwnSlice)].map((folder) => path.join(point, folder)),
    )
    .filter((folder) => fs.existsSync(folder));
}

/** Ids of all sandboxes and containers of which the instance left any trace. */
export function ownIds(own: Instance): Set<string> {
  const cri = ['sandboxes', 'containers'].flatMap((kind) =>
    [own.root, own.state].flatMap((base) => namesIn(path.join(base, 'io.containerd.grpc.v1.cri', kind))),
  );
  const traces = [
    ...cri,
    ...namesIn(bundlesOf(own)),
    ...namesIn(CNI_CACHE).filter((name) => name.startsWith(`${own.cniNetwork}-`)),
    ...namesIn(path.join(own.ipamDir, own.cniNetwork)).map((ip) =>
      textOf(path.join(own.ipamDir, own.cniNetwork, ip)),
    ),
    ...cgroupFolders(own).flatMap(namesBelow),
    ...ownShims(own).flatMap((pid) => commandLine(pid)),
  ];
  return new Set(traces.flatMap((text) => ID.exec(text)?.[0] ?? []));
}

/** Bundles of the instance's CRI objects. */
export function bundlesOf(own: Instance): string {
  return path.join(own.state, 'io.containerd.runtime.v2.task/k8s.io');
}

/** Pids of the shims that serve the instance. */
export function ownShims(own: Instance): number[] {
  return findProcesses(
    (args) => path.basename(args[0] ?? '').startsWith('containerd-shim') && args.includes(own.socket),
  ).map((p) => p.pid);
}

/** True for a file of libcni's cache that belongs to the instance. */
export function isOwnCache(own: Instance, ids: Set<string>, name: string): boolean {
  return (
    name.startsWith(`${own.cniNetwork}-`) || ids.has(ID.exec(name)?.[0] ?? '') || isLeftLoopback(own, name)
  );
}

/** An entry of the loopback that came in the instance's time and whose namespace is gone: no id tells whose it was. */
function isLeftLoopback({ cacheBefore }: Instance, name: string): boolean {
  if (!name.startsWith('cni-loopback-') || linesOf(cacheBefore).includes(name)) return false;
  const netns = /"netns":"([^"]+)"/.exec(textOf(path.join(CNI_CACHE, name)))?.[1];
  return netns !== undefined && !fs.existsSync(netns);
}

/**
 * Network namespace pins of the instance: named by its CNI cache, its bundles, its journal or its database (records
 * of sandboxes that could not be made have nothing else), or holding an address of its subnet.
 */
export async function ownPins(own: Instance, busybox: string): Promise<string[]> {
  const cache = namesIn(CNI_CACHE).filter((name) => name.startsWith(`${own.cniNetwork}-`));
  const texts = [
    ...cache.map((name) => textOf(path.join(CNI_CACHE, name))),
    ...namesIn(bundlesOf(own)).map((id) => textOf(path.join(bundlesOf(own), id, 'config.json'))),
    textOf(own.journal),
    textOf(path.join(own.root, 'io.containerd.metadata.v1.bolt/meta.db')),
  ];
  const named = new Set(texts.flatMap((text) => text.match(/\bcni-[0-9a-f-]{36}\b/g) ?? []));
  const pins: string[] = [];
  for (const name of namesIn(PIN_FOLDER).filter((n) => n.startsWith('cni-'))) {
    const pin = path.join(PIN_FOLDER, name);
    if (named.has(name) || (await holdsAddress(own, pin, busybox))) pins.push(pin);
  }
  return pins;
}

async function holdsAddress(own: Instance, pin: string, busybox: string): Promise<boolean> {
  try {
    const shown = await sh(busybox, ['nsenter', `--net=${pin}`, busybox, 'ip', '-o', '-4', 'addr']);
    return shown.includes(` inet ${own.prefix}`);
  } catch {
    return false;
  }
}

/** Sockets of the instance's shims: named in their bundles, or held open by them. */
export function shimSockets(own: Instance): string[] {
  const named = namesIn(bundlesOf(own)).flatMap((id) =>
    ['address', 'bootstrap.json'].map((file) => textOf(path.join(bundlesOf(own), id, file))),
  );
  const inodes = new Set(ownShims(own).flatMap(socketInodes));
  const held = textOf('/proc/net/unix')
    .split('\n')
    .filter((line) => inodes.has(line.trim().split(/\s+/)[6] ?? ''));
  const found = [...named, ...held].flatMap(
    (text) => /\/run\/containerd\/s\/[0-9a-f]{64}/.exec(text)?.[0] ?? [],
  );
  return [...new Set(found)];
}

function socketInodes(pid: number): string[] {
  return namesIn(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

function namesBelow(folder: string): string[] {
  return namesIn(folder).flatMap((name) => {
    const sub = path.join(folder, name);
    return fs.statSync(sub, { throwIfNoEntry: false })?.isDirectory() ? [name, ...namesBelow(sub)] : [];
  });
}
