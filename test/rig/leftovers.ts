import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { shareConnection } from '../../src/cri/connection.ts';
import { unary } from '../../src/cri/grpc.ts';
import { ownShims } from './belongings.ts';
import type { Containerd } from './containerd.ts';
import { killPause } from './faults.ts';
import { CNI_CACHE } from './files.ts';
import { makePod, type Pod, removePod } from './pods.ts';
import { commandLine, until } from './process.ts';

const HOUR_S = 3600;

/** An address reserved for an id that never was, an hour ago; `last`: its end. Gives the file's path. */
export function leakReservation(containerd: Containerd, last = '7.7'): string {
  const folder = path.join(containerd.ipamDir, containerd.cniNetwork);
  const file = path.join(folder, `${containerd.prefix}${last}`);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(file, `${newId()}\r\neth0`);
  makeOld(file);
  return file;
}

/** The file that reserves the address of a pod. */
export function reservationOf(containerd: Containerd, pod: Pod): string {
  return reservationOfId(containerd, pod.id);
}

/** The file that reserves the address of a sandbox. */
export function reservationOfId(containerd: Containerd, id: string): string {
  const folder = path.join(containerd.ipamDir, containerd.cniNetwork);
  const name = fs
    .readdirSync(folder)
    .find((file) => fs.readFileSync(path.join(folder, file), 'utf8').startsWith(id));
  if (name === undefined) throw new Error(`${id} has no reservation in ${folder}`);
  return path.join(folder, name);
}

/** Frees the address of a running pod behind CNI's back. Gives the path of the file that was. */
export function unreserve(containerd: Containerd, pod: Pod): string {
  const file = reservationOf(containerd, pod);
  fs.rmSync(file);
  return file;
}

/** Frees it, and has host-local go on from the address before it: the next pod gets the same one. */
export async function doubleAddress(containerd: Containerd, pod: Pod, next: string): Promise<string> {
  const file = unreserve(containerd, pod);
  const before = path.basename(file).replace(/\d+$/, (last) => String(Number(last) - 1));
  fs.writeFileSync(path.join(path.dirname(file), 'last_reserved_ip.0'), before);
  const other = await makePod(containerd, { name: next });
  if (reservationOf(containerd, other) !== file) throw new Error(`${next} got another address than ${file}`);
  return file;
}

/** Empties the cached CNI result of a pod, an hour ago. Gives its path. */
export function emptyCachedResult(containerd: Containerd, pod: Pod): string {
  const file = cachedResult(containerd, pod);
  fs.truncateSync(file);
  makeOld(file);
  return file;
}

export function cachedResult(containerd: Containerd, pod: Pod): string {
  return path.join(CNI_CACHE, `${containerd.cniNetwork}-${pod.id}-eth0`);
}

/** Host end of a pod's veth, by its cached CNI result. */
export function hostLinkOf(containerd: Containerd, pod: Pod): string {
  const cached = JSON.parse(fs.readFileSync(cachedResult(containerd, pod), 'utf8')) as {
    result: { interfaces: { name: string; sandbox?: string }[] };
  };
  const link = cached.result.interfaces.find((i) => !i.sandbox && i.name.startsWith('veth'))?.name;
  if (link === undefined) throw new Error(`the cached result of ${pod.name} names no veth`);
  return link;
}

/** A shim that containerd 2.x forgets: its pause died while an app ran, then the pod was removed. */
export async function leakShim(containerd: Containerd): Promise<Pod> {
  const pod = await makePod(containerd, { name: 'broken', containers: [{ name: 'a' }, { name: 'b' }] });
  await killPause(containerd, pod);
  await until('the bundle to be gone', () => !fs.existsSync(path.join(containerd.bundles, pod.id)));
  await removePod(containerd, pod.id);
  if (!ownShims(containerd).some((pid) => commandLine(pid).includes(pod.id)))
    throw new Error(`the shim of ${pod.name} ended by itself`);
  return pod;
}

/** A second record of a running sandbox, through containerd's own API. Gives its id. */
export async function doubleRecord(containerd: Containerd, pod: Pod): Promise<string> {
  const copy = newId();
  await withRecords(containerd, async (call) => {
    const record = await call('Get', idMessage(pod.id));
    // The answer of Get and the request of Create have the same form, and both ids the same length.
    await call('Create', Buffer.from(record.toString('latin1').replaceAll(pod.id, copy), 'latin1'));
  });
  return copy;
}

/** A sandbox whose record CRI cannot read any more; it learns of it at a restart. Its pause runs on. */
export async function spoilRecord(containerd: Containerd, pod: Pod, restart = true): Promise<void> {
  await withRecords(containerd, async (call) => {
    const record = await call('Get', idMessage(pod.id));
    const spoilt = record.toString('latin1').replace('{"Version":"v1"', '{"Version":"v0"');
    await call('Delete', idMessage(pod.id));
    await call('Create', Buffer.from(spoilt, 'latin1'));
  });
  if (restart) await containerd.restart();
}

export async function withRecords(
  containerd: Containerd,
  work: (call: (method: string, message: Buffer) => Promise<Buffer>) => Promise<void>,
): Promise<void> {
  const service = '/containerd.services.containers.v1.Containers';
  const connection = shareConnection(() => net.connect(containerd.socket));
  const options = {
    timeoutMs: 30_000,
    signal: new AbortController().signal,
    headers: { 'containerd-namespace': 'k8s.io' },
  };
  try {
    await work((method, message) => unary(connection, `${service}/${method}`, message, options));
  } finally {
    connection.close();
  }
}

/** A message whose first field is an id. */
export function idMessage(id: string): Buffer {
  return Buffer.concat([Buffer.from([0x0a, id.length]), Buffer.from(id)]);
}

/** Removes a pod as a runtime does: its cgroup is kubelet's to remove. Gives the cgroup's path. */
export async function leaveCgroup(containerd: Containerd): Promise<string> {
  const pod = await makePod(containerd, { name: 'gone' });
  await removePod(containerd, pod.id);
  return `${containerd.cgroupRoot}/kubepods/besteffort/pod${pod.uid}`;
}

function newId(): string {
  return randomBytes(32).toString('hex');
}

function makeOld(file: string): void {
  const then = Date.now() / 1000 - HOUR_S;
  fs.utimesSync(file, then, then);
}
