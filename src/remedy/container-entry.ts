import fs from 'node:fs';
import path from 'node:path';
import type { ContainerRecord, SandboxRecord } from '../model/sandbox.ts';
import type { Entry, Mount } from '../native/enter.ts';
import type { Joins } from '../native/start.ts';

/** Texts that every container of a sandbox sees below /etc. */
export const ETC_FILES = ['hosts', 'resolv.conf', 'hostname'];
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/**
 * How a plain process joins a sandbox: its namespaces, /dev/shm, hosts and resolv.conf. Where the sandbox shares
 * no PID namespace it gets one of its own.
 */
export function entryOf(record: SandboxRecord, wanted: ContainerRecord, folder: string): Entry {
  const own = wanted.rootfs !== '';
  // In the host's own root nothing is made to be covered; in another one a file is, but no folder for it.
  const isThere = (target: string) =>
    own ? target.startsWith('/dev/') || exists(path.dirname(wanted.rootfs + target)) : fs.existsSync(target);
  return {
    join: joinsOf(record),
    newPid: !record.spec.sharePid,
    command: wanted.command,
    mounts: [{ kind: 'proc' }, ...(own ? devices() : []), ...sharedMounts(folder, isThere)],
    ...(own ? { rootfs: wanted.rootfs } : {}),
    cwd: wanted.cwd === '' ? '/' : wanted.cwd,
    env: wanted.env,
    clearEnv: true,
  };
}

/** What a sandbox's containers have in common, where it can be mounted. */
export function sharedMounts(folder: string, canBe: (target: string) => boolean): Mount[] {
  const wanted = [
    { source: path.join(folder, 'shm'), target: '/dev/shm' },
    ...ETC_FILES.map((name) => ({ source: path.join(folder, name), target: `/etc/${name}` })),
  ];
  return wanted
    .filter(({ target }) => canBe(target))
    .map(({ source, target }) => ({ kind: 'bind', source, target }));
}

/** A link counts: podctl-ns follows it inside the root. */
function exists(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function devices(): Mount[] {
  return [
    { kind: 'tmpfs', target: '/dev' },
    ...DEVICES.map((name): Mount => ({ kind: 'bind', source: `/dev/${name}`, target: `/dev/${name}` })),
  ];
}

/** Pins where there are any; else, and for a shared PID namespace, what pause is in. */
export function joinsOf({ net, ipc, uts, pause, spec, privileged, name }: SandboxRecord): Joins {
  if (pause === null) throw new Error(`sandbox ${name} has no pause: podctl sandbox repair ${name}`);
  const ofPause = (type: string) => `/proc/${pause.pid}/ns/${type}`;
  const at = (type: 'net' | 'ipc' | 'uts', { path: pinned, ns }: typeof net) => ({
    path: privileged ? pinned : ofPause(type),
    ns,
  });
  return {
    ...(privileged ? {} : { user: { path: ofPause('user'), ns: null } }),
    net: at('net', net),
    ipc: at('ipc', ipc),
    uts: at('uts', uts),
    ...(spec.sharePid ? { pid: { path: ofPause('pid'), ns: null } } : {}),
  };
}
