import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Containerd } from './containerd.ts';
import { unmountPin } from './faults.ts';
import { onHost } from './home.ts';
import { reservationOf } from './leftovers.ts';
import { makePod, type Pod, pinOf, removePod } from './pods.ts';
import { busybox } from './teardown.ts';

type Plugin = Record<string, unknown> & { ipam?: Record<string, unknown> };

const HOUR_S = 3600;

/** Changes the plugins of the pod network, in force at once. Gives what puts them back. */
async function reconfigure(
  containerd: Containerd,
  change: (plugins: Plugin[]) => Plugin[],
): Promise<() => Promise<void>> {
  const file = path.join(containerd.confDir, '10-rig.conflist');
  const before = fs.readFileSync(file, 'utf8');
  const list = JSON.parse(before) as { plugins: Plugin[] };
  fs.writeFileSync(file, JSON.stringify({ ...list, plugins: change(list.plugins) }));
  await containerd.restart();
  return async () => {
    fs.writeFileSync(file, before);
    await containerd.restart();
  };
}

/** Removes a pod with portmap out of the configuration, so that it never hears DEL. Gives the pod's address. */
export async function leavePortRule(
  containerd: Containerd,
  port: number,
): Promise<{ pod: Pod; file: string }> {
  const pod = await makePod(containerd, { name: 'gone', hostPorts: [port] });
  const file = reservationOf(containerd, pod);
  const putBack = await reconfigure(containerd, (plugins) =>
    plugins.filter(({ type }) => type !== 'portmap'),
  );
  await removePod(containerd, pod.id);
  await putBack();
  return { pod, file };
}

/** Name of a pod's chain in the firewall, by the comment on the rule that leads to it. */
export async function portChain(containerd: Containerd, pod: Pod): Promise<string> {
  const saved = await onHost(containerd.home, 'iptables-save', ['-t', 'nat']);
  const rule = saved.split('\n').find((line) => line.includes(pod.id) && line.includes('-j CNI-DN-'));
  if (rule === undefined) throw new Error(`${pod.name} has no rule`);
  return rule.split(' ').at(-1) ?? '';
}

/** What a firewall does that is reloaded without knowing of CNI. */
export async function clearRules(containerd: Containerd, chain?: string): Promise<void> {
  await onHost(containerd.home, 'iptables', ['-t', 'nat', '-F', ...(chain === undefined ? [] : [chain])]);
}

/** The pod network is configured anew, with other addresses; pods and bridge stay as they are. */
export async function moveRange(containerd: Containerd, subnet: string): Promise<void> {
  await reconfigure(containerd, (plugins) =>
    plugins.map((plugin) =>
      plugin.ipam ? { ...plugin, ipam: { ...plugin.ipam, ranges: [[{ subnet }]] } } : plugin,
    ),
  );
}

/** All pods go; the bridge stays, as it always does. */
export async function emptyBridge(containerd: Containerd): Promise<void> {
  const { items } = await containerd.session.call('ListPodSandbox', (c, o) =>
    c.runtime.listPodSandbox({}, o),
  );
  for (const { id } of items) await removePod(containerd, id);
}

/** Leaves five addresses to the pod network, all of them reserved for ids that never were. Gives the files. */
export async function exhaust(containerd: Containerd): Promise<string[]> {
  const { prefix, subnet, ipamDir, cniNetwork } = containerd;
  const hosts = [2, 3, 4, 5, 6];
  const range = { subnet, rangeStart: `${prefix}9.2`, rangeEnd: `${prefix}9.6` };
  await reconfigure(containerd, (plugins) =>
    plugins.map((plugin) =>
      plugin.ipam ? { ...plugin, ipam: { ...plugin.ipam, ranges: [[range]] } } : plugin,
    ),
  );
  return hosts.map((host) => {
    const file = path.join(ipamDir, cniNetwork, `${prefix}9.${host}`);
    fs.writeFileSync(file, `${randomBytes(32).toString('hex')}\r\neth0`);
    return aged(file);
  });
}

/** Makes a file an hour old. */
export function aged(file: string): string {
  const then = Date.now() / 1000 - HOUR_S;
  fs.utimesSync(file, then, then);
  return file;
}

/** A pod start that fails after its address was let, and whose clean-up fails alike. Gives the file that it leaves. */
export async function failHalfWay(containerd: Containerd): Promise<string> {
  const folder = path.join(containerd.ipamDir, containerd.cniNetwork);
  const before = fs.readdirSync(folder);
  const putBack = await reconfigure(containerd, (plugins) => [...plugins, { type: 'not-installed' }]);
  const failure = await makePod(containerd, { name: 'failed' }).then(
    () => '',
    (error: unknown) => String(error),
  );
  if (!failure.includes('not-installed')) throw new Error(`it was to fail for want of a plugin: ${failure}`);
  await putBack();
  const left = fs.readdirSync(folder).filter((name) => !before.includes(name) && !name.startsWith('last_'));
  return aged(path.join(folder, left[0] ?? 'nothing'));
}

/** A pod with a device of the host's, whose namespace goes before the pod does. Gives the reservation that stays. */
export async function loseDevice(containerd: Containerd): Promise<string> {
  await onHost(containerd.home, busybox(), [
    'ip',
    'link',
    'add',
    'dev0',
    'type',
    'veth',
    'peer',
    'name',
    'dev1',
  ]);
  await reconfigure(containerd, (plugins) =>
    plugins.flatMap(({ ipam }) => (ipam ? [{ type: 'host-device', device: 'dev0', ipam }] : [])),
  );
  const pod = await makePod(containerd, { name: 'gone' });
  const file = reservationOf(containerd, pod);
  const pin = pinOf(containerd, pod.id) ?? '';
  await unmountPin(containerd, pod);
  fs.rmSync(pin, { force: true });
  await removePod(containerd, pod.id);
  return aged(file);
}

/** The next pod gets the address of a file that is gone. */
export async function reuseAddress(containerd: Containerd, file: string, name: string): Promise<Pod> {
  const before = path.basename(file).replace(/\d+$/, (last) => String(Number(last) - 1));
  fs.writeFileSync(path.join(path.dirname(file), 'last_reserved_ip.0'), before);
  return makePod(containerd, { name });
}

/** Puts a file, or a link to nowhere, in the place of the folder of reservations. Gives its path. */
export function blockReservations(containerd: Containerd, what: 'file' | 'link'): string {
  const folder = path.join(containerd.ipamDir, containerd.cniNetwork);
  fs.renameSync(folder, `${folder}.before`);
  if (what === 'file') fs.writeFileSync(folder, '');
  else fs.symlinkSync(path.join(containerd.dir, 'nowhere'), folder);
  return folder;
}
