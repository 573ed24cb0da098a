import path from 'node:path';
import type { CniPluginConf } from '../model/facts.ts';
import { isObject } from '../model/shape.ts';
import { pluginNeeds } from './plugin-needs.ts';

/** Where host-local keeps its reservations unless a configuration says otherwise. */
export const HOST_LOCAL = '/var/lib/cni/networks';
/** The bridge that the plugin makes when its configuration names none. */
const BRIDGE = 'cni0';
/** By which the bridge plugin sets up a port of its bridge. */
const PORT_KEYS = ['hairpinMode', 'vlan', 'vlanTrunk', 'portIsolation'];
/** Plugins that write rules for `ipMasq`. */
const MASQUERADE = new Set(['bridge', 'ptp']);

type Ipam = NonNullable<CniPluginConf['ipam']>;

/** What is kept of a plugin's object in the configuration of a network. The rest may hold secrets. */
export function pluginConf(plugin: Readonly<Record<string, unknown>>, network: string): CniPluginConf {
  const type = textOf(plugin.type);
  const bridge = textOf(plugin.bridge) || (type === 'bridge' ? BRIDGE : null);
  const ipam = isObject(plugin.ipam) ? ipamOf(plugin.ipam, network) : null;
  return { type, bridge, ipam, does: doingsOf(plugin, type), ...pluginNeeds(plugin) };
}

function doingsOf(
  plugin: Readonly<Record<string, unknown>>,
  type: string,
): NonNullable<CniPluginConf['does']> {
  const capabilities = isObject(plugin.capabilities) ? plugin.capabilities : {};
  return {
    gateway: type === 'bridge' && (plugin.isGateway === true || plugin.isDefaultGateway === true),
    forceAddress: plugin.forceAddress === true,
    masquerade: MASQUERADE.has(type) && plugin.ipMasq === true,
    ports: type === 'portmap' && capabilities.portMappings === true,
    tunesPorts: PORT_KEYS.some(
      (key) => plugin[key] !== undefined && plugin[key] !== false && plugin[key] !== 0,
    ),
  };
}

function ipamOf(ipam: Record<string, unknown>, network: string): Ipam | null {
  const type = textOf(ipam.type);
  if (type === '') return null;
  if (type !== 'host-local') return { type, folder: '', ranges: [] };
  const sets: unknown[] = Array.isArray(ipam.ranges) ? ipam.ranges.flat() : [];
  return {
    type,
    folder: path.posix.join(dataDir(ipam.dataDir), network),
    ranges: [ipam, ...sets].flatMap((range) =>
      isObject(range) && typeof range.subnet === 'string'
        ? [
            {
              subnet: range.subnet,
              start: textOf(range.rangeStart),
              end: textOf(range.rangeEnd),
              gateway: textOf(range.gateway),
            },
          ]
        : [],
    ),
  };
}

/** A relative one would be somewhere else with every caller of the plugin. */
function dataDir(value: unknown): string {
  return typeof value === 'string' && value.startsWith('/') && !value.includes('\0') ? value : HOST_LOCAL;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
