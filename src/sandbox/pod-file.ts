import { NAMESPACE_MODES, type NamespaceModes } from '../model/pod-config.ts';
import type { PortMapping, SandboxSpec } from '../model/sandbox.ts';
import { isObject } from '../model/shape.ts';
import { SandboxError } from './error.ts';
import { requireName } from './lookup.ts';
import { IGNORED_KEYS, podSchema, RUNTIME_KEYS } from './pod-schema.ts';
import { requirePort, requireServer, requireSysctls, requireWord } from './words.ts';

/** What a pod file says: a specification without its network, and what podctl does not act on. */
export interface PodFile {
  name: string;
  spec: Omit<SandboxSpec, 'network'>;
  /** What only a runtime acts on. */
  runtime: { modes: NamespaceModes; logDirectory: string; cgroupParent: string; privileged: boolean };
  /** Keys of CRI that have no effect here, e.g. linux.cgroup_parent. */
  ignored: string[];
}

/** Who makes the sandbox: podctl, or the node's runtime, which can do more. */
export type Maker = 'podctl' | 'runtime';

interface Reading {
  file: string;
  maker: Maker;
  ignored: string[];
}

type Dictionary = Record<string, unknown>;
type Mode = keyof typeof NAMESPACE_MODES;

/** Reads a PodSandboxConfig, with CRI's defaults. Throws SandboxError that names the file and the key. */
export function parsePodFile(content: string, file: string, maker: Maker = 'podctl'): PodFile {
  const reading: Reading = { file, maker, ignored: [] };
  const whole = objectOf(reading, '', parse(content, file));
  const metadata = child(reading, whole, 'metadata');
  const linux = child(reading, whole, 'linux');
  const security = child(reading, linux, 'linux.security_context');
  const namespaces = child(reading, security, 'linux.security_context.namespace_options');
  const dns = child(reading, whole, 'dns_config');
  const modes = {
    network: modeOf(reading, namespaces, 'network', ['POD']),
    ipc: modeOf(reading, namespaces, 'ipc', ['POD']),
    pid: modeOf(reading, namespaces, 'pid', ['POD', 'CONTAINER']),
  };
  const spec = {
    hostname: hostnameOf(reading, whole),
    pod: {
      namespace: textOf(reading, metadata, 'metadata.namespace') || 'default',
      uid: textOf(reading, metadata, 'metadata.uid'),
      attempt: numberOf(reading, metadata, 'metadata.attempt') ?? 0,
    },
    sharePid: modes.pid === NAMESPACE_MODES.POD,
    sysctls: requireSysctls(pairsOf(reading, linux, 'linux.sysctls')),
    dns: {
      servers: textsOf(reading, dns, 'dns_config.servers').map(requireServer),
      searches: textsOf(reading, dns, 'dns_config.searches').map((t) => requireWord('the search domain', t)),
      options: textsOf(reading, dns, 'dns_config.options').map((t) => requireWord('the DNS option', t)),
    },
    ports: portsOf(reading, whole),
    labels: pairsOf(reading, whole, 'labels'),
    annotations: pairsOf(reading, whole, 'annotations'),
  };
  const name = requireName(`${file}: metadata.name`, textOf(reading, metadata, 'metadata.name'));
  const runtime = {
    modes,
    logDirectory: textOf(reading, whole, 'log_directory'),
    cgroupParent: textOf(reading, linux, 'linux.cgroup_parent'),
    privileged: flagOf(reading, security, 'linux.security_context.privileged'),
  };
  return { name, spec, runtime, ignored: reading.ignored };
}

function parse(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SandboxError(
      'usage',
      `${file} is no JSON: ${why}`,
      'podctl sandbox create --schema shows what is wanted',
    );
  }
}

function fault({ file }: Reading, path: string, why: string): SandboxError {
  const hint = 'podctl sandbox create --schema shows what is wanted';
  return new SandboxError('usage', `${file}: ${path === '' ? 'the whole' : path}: ${why}`, hint);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** An object with keys that are known; those of CRI without effect are noted, others are refused. */
function objectOf(reading: Reading, path: string, value: unknown): Dictionary {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw fault(reading, path, 'it is no object');
  const known = knownKeys(path);
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const full = path === '' ? key : `${path}.${key}`;
    if (!(IGNORED_KEYS[path] ?? []).includes(key))
      throw fault(reading, full.slice(0, 100), 'there is no such key');
    if (reading.maker === 'runtime' && RUNTIME_KEYS.includes(full)) continue;
    reading.ignored.push(full);
  }
  return value;
}

/** Keys that the schema has at a path. */
function knownKeys(path: string): string[] {
  let at: unknown = podSchema;
  for (const part of path === '' ? [] : path.split('.')) {
    const properties: unknown = isObject(at) ? at.properties : undefined;
    at = isObject(properties) ? properties[part] : undefined;
  }
  return isObject(at) && isObject(at.properties) ? Object.keys(at.properties) : [];
}

function child(reading: Reading, parent: Dictionary, path: string): Dictionary {
  return objectOf(reading, path, parent[lastOf(path)]);
}

function textOf(reading: Reading, parent: Dictionary, path: string): string {
  const value = parent[lastOf(path)] ?? '';
  if (typeof value !== 'string' || value.length > 4096) throw fault(reading, path, 'it is no string');
  return value;
}

function flagOf(reading: Reading, parent: Dictionary, path: string): boolean {
  const value = parent[lastOf(path)] ?? false;
  if (typeof value !== 'boolean') throw fault(reading, path, 'it is neither true nor false');
  return value;
}

function numberOf(reading: Reading, parent: Dictionary, path: string): number | null {
  const value = parent[lastOf(path)] ?? null;
  if (value !== null && (!Number.isSafeInteger(value) || Number(value) < 0))
    throw fault(reading, path, 'it is no whole number');
  return value === null ? null : Number(value);
}

function textsOf(reading: Reading, parent: Dictionary, path: string): string[] {
  const value = parent[lastOf(path)] ?? [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw fault(reading, path, 'it is no list of strings');
  return value;
}

function pairsOf(reading: Reading, parent: Dictionary, path: string): Record<string, string> {
  const value = parent[lastOf(path)] ?? {};
  if (!isObject(value)) throw fault(reading, path, 'it is no object');
  const odd = Object.entries(value).find(([, one]) => typeof one !== 'string');
  if (odd) throw fault(reading, `${path}.${odd[0].slice(0, 80)}`, 'it is no string');
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)]));
}

function hostnameOf(reading: Reading, whole: Dictionary): string {
  const hostname = textOf(reading, whole, 'hostname');
  return hostname === '' ? '' : requireName(`${reading.file}: hostname`, hostname);
}

/** podctl itself makes only some; all three are a runtime's. */
function modeOf(reading: Reading, namespaces: Dictionary, key: string, own: readonly Mode[]): number {
  const path = `linux.security_context.namespace_options.${key}`;
  const names = Object.keys(NAMESPACE_MODES) as Mode[];
  const mode = enumOf(reading, namespaces[key], path, names) as Mode;
  if (reading.maker === 'podctl' && !own.includes(mode))
    throw fault(reading, path, `only ${own.join(' or ')} can be had`);
  return NAMESPACE_MODES[mode];
}

/** CRI's enums are written as numbers or as names. */
function enumOf(reading: Reading, value: unknown, path: string, names: readonly string[]): string {
  if (value === undefined || value === null) return names[0] ?? '';
  const name = typeof value === 'number' ? names[value] : names.find((n) => n === value);
  if (name === undefined)
    throw fault(reading, path, `it is one of ${names.map((n, i) => `${i} (${n})`).join(', ')}`);
  return name;
}

function portsOf(reading: Reading, whole: Dictionary): PortMapping[] {
  const list = whole.port_mappings ?? [];
  if (!Array.isArray(list)) throw fault(reading, 'port_mappings', 'it is no list');
  return list.flatMap((value: unknown, i) => {
    const path = `port_mappings[${i}]`;
    if (!isObject(value)) throw fault(reading, path, 'it is no object');
    const odd = Object.keys(value).find(
      (k) => !['protocol', 'container_port', 'host_port', 'host_ip'].includes(k),
    );
    if (odd !== undefined) throw fault(reading, `${path}.${odd.slice(0, 80)}`, 'there is no such key');
    const containerPort = numberOf(reading, value, `${path}.container_port`) ?? 0;
    const port = {
      containerPort,
      hostPort: numberOf(reading, value, `${path}.host_port`) ?? 0,
      protocol: enumOf(reading, value.protocol, `${path}.protocol`, ['TCP', 'UDP', 'SCTP']),
      hostIp: textOf(reading, value, `${path}.host_ip`),
    };
    // To CRI a port without one on the host is only a note.
    return port.hostPort === 0 ? [] : [requirePort(port, `${port.hostPort}:${containerPort}`)];
  });
}
