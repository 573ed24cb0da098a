import type { CniFolders, RuntimeFact } from '../model/facts.ts';
import { dig, digText } from '../model/json-path.ts';

/** What is kept of Status(verbose).info. The rest is dropped: it may hold registry credentials. */
export interface StatusInfo {
  sandboxImage: string | null;
  rootDir: string | null;
  stateDir: string | null;
  /** Of the default runtime, which containerd 1.x tells nowhere else. */
  cgroupDriver: RuntimeFact['cgroupDriver'];
  cniLoadErrors: string[];
  cni: CniFolders | null;
  cniNetworks: RuntimeFact['cniNetworks'];
  internalLoopback: boolean | undefined;
}

/** Reads the verbose part of a Status answer; values are JSON texts or bare words. Null for what is not shown. */
export function statusInfo(info: Record<string, string>): StatusInfo {
  const config = json(info.config);
  return {
    sandboxImage: digText(config, 'sandboxImage'),
    rootDir: digText(config, 'containerdRootDir'),
    stateDir: containerdState(config),
    cgroupDriver: cgroupDriverIn(config),
    cniLoadErrors: Object.keys(info)
      .filter((key) => key === 'lastCNILoadStatus' || key.startsWith('lastCNILoadStatus.'))
      .map((key) => bare(info[key] ?? ''))
      .filter((text) => text !== '' && text !== 'OK')
      .filter((text, i, all) => all.indexOf(text) === i),
    cni: cniFolders(config),
    cniNetworks: networksLoaded(json(info.cniconfig)),
    internalLoopback: flagAt(config, 'cni', 'useInternalLoopback'),
  };
}

/** Names and versions alone: what plugins are told may be secret. */
function networksLoaded(loaded: unknown): RuntimeFact['cniNetworks'] {
  const networks = dig(loaded, 'Networks');
  if (!Array.isArray(networks)) return undefined;
  return networks.map((network) => ({
    name: digText(network, 'Config', 'Name') ?? '',
    cniVersion: digText(network, 'Config', 'CNIVersion') ?? '',
  }));
}

function flagAt(config: unknown, ...path: string[]): boolean | undefined {
  const value = dig(config, ...path);
  return typeof value === 'boolean' ? value : undefined;
}

/** containerd shows one folder of plugins, from 2.1 on a list of them. */
function cniFolders(config: unknown): CniFolders | null {
  const confDir = digText(config, 'cni', 'confDir');
  if (confDir === null) return null;
  const listed = dig(config, 'cni', 'binDirs');
  const binDirs = Array.isArray(listed) ? listed : [dig(config, 'cni', 'binDir')];
  return { confDir, binDirs: binDirs.filter((dir) => typeof dir === 'string' && dir !== '') };
}

/** containerd shows the state folder of its CRI plugin, which lies below its own. */
function containerdState(config: unknown): string | null {
  const plugin = digText(config, 'stateDir');
  return plugin === null ? null : plugin.replace(/\/io\.containerd\.[^/]+$/, '');
}

/** Only runc's shim is known to take cgroupfs where its options do not say otherwise. */
function cgroupDriverIn(config: unknown): RuntimeFact['cgroupDriver'] {
  const handler = digText(config, 'containerd', 'defaultRuntimeName') ?? '';
  const runtime = dig(config, 'containerd', 'runtimes', handler);
  if (dig(runtime, 'options', 'SystemdCgroup') === true) return 'systemd';
  return digText(runtime, 'runtimeType') === 'io.containerd.runc.v2' ? 'cgroupfs' : null;
}

/** A status text, with or without JSON quotes. */
function bare(text: string): string {
  const value = json(text);
  return typeof value === 'string' ? value : text;
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
