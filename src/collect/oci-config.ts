import type { SandboxMeta } from '../model/facts.ts';
import type { NsType } from '../model/namespace.ts';

/** What podctl takes from a bundle's config.json. */
export interface OciConfig {
  role: 'sandbox' | 'container' | null;
  sandboxId: string | null;
  /** The attempt is 0 where the runtime does not write it down, as containerd. */
  meta: SandboxMeta | null;
  containerName: string | null;
  /** Path to join, '' for a new one, key absent for the host's. */
  namespaces: Partial<Record<NsType, string>>;
  /** Who made it, where it says so: cri-o, libpod. */
  manager: string | null;
}

const TYPES: ReadonlyMap<string, NsType> = new Map<string, NsType>([
  ['cgroup', 'cgroup'],
  ['ipc', 'ipc'],
  ['mount', 'mnt'],
  ['network', 'net'],
  ['pid', 'pid'],
  ['time', 'time'],
  ['user', 'user'],
  ['uts', 'uts'],
]);

type Annotate = (name: string) => string | null;

/**
 * Reads a config.json of containerd or CRI-O: who it belongs to, from annotations, and its namespaces.
 * Throws SyntaxError when it is no JSON or lacks the namespaces that every container has.
 */
export function parseOciConfig(text: string): OciConfig {
  const config: unknown = JSON.parse(text);
  const linux = field(config, 'linux');
  const list = field(linux, 'namespaces');
  if (!Array.isArray(list)) throw new SyntaxError('it has no list linux.namespaces');
  const annotations = field(config, 'annotations');
  const annotation: Annotate = (name) => {
    const value = field(annotations, name);
    return typeof value === 'string' ? value : null;
  };
  const owner = annotation('io.kubernetes.cri-o.ContainerType') === null ? ofContainerd : ofCrio;
  return {
    ...owner(annotation),
    namespaces: namespacesOf(list),
    manager: annotation('io.container.manager'),
  };
}

type Owner = Omit<OciConfig, 'namespaces' | 'manager'>;

function ofContainerd(annotation: Annotate): Owner {
  const prefix = 'io.kubernetes.cri.';
  return {
    role: roleOf(annotation(`${prefix}container-type`)),
    sandboxId: annotation(`${prefix}sandbox-id`),
    meta: metaOf(
      annotation(`${prefix}sandbox-name`),
      annotation(`${prefix}sandbox-namespace`),
      annotation(`${prefix}sandbox-uid`),
      0,
    ),
    containerName: annotation(`${prefix}container-name`),
  };
}

function ofCrio(annotation: Annotate): Owner {
  const role = roleOf(annotation('io.kubernetes.cri-o.ContainerType'));
  const name = annotation('io.kubernetes.cri-o.SandboxName');
  // k8s_<name>_<namespace>_<uid>_<attempt>: a name that was reserved, so its end is well formed.
  const attempt = /_(\d{1,9})$/.exec(name ?? '')?.[1];
  return {
    role,
    sandboxId: annotation('io.kubernetes.cri-o.SandboxID'),
    meta: metaOf(
      annotation('io.kubernetes.pod.name'),
      annotation('io.kubernetes.pod.namespace'),
      annotation('io.kubernetes.pod.uid'),
      Number(attempt ?? 0),
    ),
    containerName: role === 'container' ? annotation('io.kubernetes.container.name') : null,
  };
}

function roleOf(type: string | null): OciConfig['role'] {
  return type === 'sandbox' || type === 'container' ? type : null;
}

function metaOf(
  name: string | null,
  namespace: string | null,
  uid: string | null,
  attempt: number,
): SandboxMeta | null {
  if (name === null || namespace === null) return null;
  return { name, namespace, uid: uid ?? '', attempt };
}

function namespacesOf(list: readonly unknown[]): OciConfig['namespaces'] {
  const namespaces: OciConfig['namespaces'] = {};
  for (const entry of list) {
    const name = field(entry, 'type');
    const type = typeof name === 'string' ? TYPES.get(name) : undefined;
    const path = field(entry, 'path');
    if (type !== undefined) namespaces[type] = typeof path === 'string' ? path : '';
  }
  return namespaces;
}

/** An own key of a plain object; undefined for everything else, prototypes included. */
function field(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
