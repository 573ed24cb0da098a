import path from 'node:path';
import type { ContainerRecord, SandboxRecord } from '../../model/sandbox.ts';
import { isObject } from '../../model/shape.ts';
import type { Mount } from '../../native/enter.ts';
import { joinsOf, sharedMounts } from '../container-entry.ts';

type Dictionary = Record<string, unknown>;

/** Names of namespaces in OCI's words. */
const OCI_TYPES = { net: 'network', ipc: 'ipc', uts: 'uts', pid: 'pid' } as const;

export interface BundleWish {
  record: SandboxRecord;
  wanted: ContainerRecord;
  /** Folder of the sandbox's files. */
  folder: string;
  cgroup: string;
  /** Give it a terminal, if its configuration wants one. */
  terminal: boolean;
}

/**
 * The user's OCI configuration, changed so that its container joins the sandbox: namespaces by path, /dev/shm,
 * hosts and resolv.conf bound in, a cgroup of its own. All else is as it was; relative paths are of the user's
 * bundle. Throws an Error that names the file and what is wrong in it.
 */
export function bundleConfig(
  config: unknown,
  { record, wanted, folder, cgroup, terminal }: BundleWish,
): Dictionary {
  const file = path.join(wanted.bundle, 'config.json');
  const whole = part(config, file);
  const root = part(whole.root, `${file}: root`);
  const process = part(whole.process, `${file}: process`);
  const linux = part(whole.linux ?? {}, `${file}: linux`);
  if (typeof root.path !== 'string' || root.path === '') throw new Error(`${file}: root.path is no path`);
  const args = wanted.command.length > 0 ? wanted.command : process.args;
  if (!Array.isArray(args) || args.length === 0)
    throw new Error(`${file}: process.args is empty: name a program after --`);
  const { hostname: _, domainname: __, ...rest } = whole;
  return {
    ...rest,
    root: { ...root, path: path.resolve(wanted.bundle, root.path) },
    process: {
      ...process,
      args,
      env: [...texts(process.env, `${file}: process.env`), ...wanted.env],
      ...(wanted.cwd === '' ? {} : { cwd: wanted.cwd }),
      terminal: terminal && process.terminal === true,
    },
    mounts: mountsOf(
      whole.mounts,
      file,
      sharedMounts(folder, () => true),
    ),
    linux: { ...linux, cgroupsPath: cgroup, namespaces: namespacesOf(linux.namespaces, file, record) },
  };
}

function part(value: unknown, name: string): Dictionary {
  if (isObject(value)) return value;
  throw new Error(`${name} is no object: is it an OCI runtime configuration?`);
}

function texts(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new Error(`${name} is no list`);
}

/** Those of the sandbox by path. A PID namespace that is not shared, and the mounts, are the container's own. */
function namespacesOf(value: unknown, file: string, record: SandboxRecord): Dictionary[] {
  const joins = joinsOf(record);
  const joined = (['net', 'ipc', 'uts', 'pid'] as const).flatMap((type) => {
    const join = joins[type];
    return join ? [{ type: OCI_TYPES[type], path: join.path }] : [];
  });
  const own = [{ type: 'mount' }, ...(joins.pid ? [] : [{ type: 'pid' }])];
  const set = new Set([...joined, ...own].map(({ type }) => type));
  const others = texts(value, `${file}: linux.namespaces`).map((ns) => part(ns, `${file}: linux.namespaces`));
  return [...others.filter(({ type }) => !set.has(String(type))), ...own, ...joined];
}

function mountsOf(value: unknown, file: string, shared: readonly Mount[]): Dictionary[] {
  const binds = shared.flatMap((m) => (m.kind === 'bind' ? [m] : []));
  const covered = new Set(binds.map(({ target }) => target));
  const others = texts(value, `${file}: mounts`).map((m) => part(m, `${file}: mounts`));
  const kept = others.filter(({ destination }) => !covered.has(path.posix.resolve('/', String(destination))));
  return [
    ...kept.map((m) => withSource(m, file)),
    ...binds.map(({ source, target }) => ({
      destination: target,
      type: 'bind',
      source,
      options: ['rbind', 'rprivate'],
    })),
  ];
}

/** A bind mount's source may be relative to the bundle, which is another folder now. */
function withSource(mount: Dictionary, file: string): Dictionary {
  const options = Array.isArray(mount.options) ? mount.options : [];
  const binds = mount.type === 'bind' || options.includes('bind') || options.includes('rbind');
  if (!binds || typeof mount.source !== 'string') return mount;
  return { ...mount, source: path.resolve(path.dirname(file), mount.source) };
}
