import fs from 'node:fs';
import path from 'node:path';
import { type Network, parseNetwork } from '../cni/conf.ts';
import { findNetwork, loadNetwork, loadNetworks } from '../cni/conf-files.ts';
import {
  chooseSubnet,
  DEFAULT_NETWORK,
  DEFAULT_PLUGINS,
  defaultNetwork,
  type NodeAddresses,
  OWN_NETWORK_DIR,
  subnetConflict,
} from '../cni/default-network.ts';
import { CniError } from '../cni/error.ts';
import { availablePlugins, findPlugin } from '../cni/find-plugin.ts';
import { createReadHost } from '../host/read-host.ts';
import type { NetworkSpec } from '../model/sandbox.ts';
import { isObject } from '../model/shape.ts';
import { probeNetworks } from '../native/probe.ts';
import { required } from './actions/native.ts';

export {
  DEFAULT_BRIDGE as OWN_BRIDGE,
  DEFAULT_NETWORK as OWN_NETWORK,
  OWN_NETWORK_DIR,
} from '../cni/default-network.ts';

export interface NetworkWish {
  /** `none`, `podctl`, the name of a network in `confDir`, or a file (with a slash in it). */
  wanted: string;
  confDir: string;
  binDirs: string[];
  /** PATH of plugins. */
  envPath: string;
  /** How podctl's own network is configured where sandboxes are attached to it already; null when none is. */
  inUse(): string | null;
}

/** What a sandbox is attached to, and what it does without. */
export interface ChosenNetwork {
  network: NetworkSpec;
  /** Parts of the default network that are not to be had: plugins, iptables. */
  missing: string[];
  /** Capabilities that some plugin of it takes, e.g. portMappings. */
  capabilities: ReadonlySet<string>;
}

/** Finds or makes up the network that was asked for. Every plugin of it must be there. Throws CniError. */
export async function chooseNetwork(wish: NetworkWish): Promise<ChosenNetwork> {
  const { wanted, confDir, binDirs } = wish;
  if (wanted === 'none') return { network: { kind: 'none' }, missing: [], capabilities: new Set() };
  const host = createReadHost();
  if (wanted.includes('/')) {
    const network = loadNetwork(host, path.resolve(wanted));
    await requireFreeSubnets(network, confDir);
    return chosen(network, binDirs);
  }
  const own =
    wanted === DEFAULT_NETWORK && !loadNetworks(host, confDir).networks.some((n) => n.name === wanted);
  return own ? ownNetwork(wish) : chosen(findNetwork(host, confDir, wanted), binDirs);
}

function chosen(network: Network, binDirs: string[], missing: string[] = []): ChosenNetwork {
  const { name, file } = network;
  for (const { type, ipam } of network.plugins)
    for (const program of [type, ipam]) if (program) findPlugin(program, binDirs, { network: name, file });
  return {
    network: { kind: 'cni', name, file: file ?? '', conflist: network.secret().text, binDirs },
    missing,
    capabilities: new Set(network.plugins.flatMap((p) => p.capabilities)),
  };
}

async function ownNetwork({ confDir, binDirs, envPath, inUse }: NetworkWish): Promise<ChosenNetwork> {
  const plugins = availablePlugins(DEFAULT_PLUGINS, binDirs);
  const parts = { plugins, iptables: hasProgram('iptables', envPath), stateDir: OWN_NETWORK_DIR };
  // Without bridge or host-local it cannot be: told before the node is looked at.
  if (!plugins.has('bridge') || !plugins.has('host-local')) defaultNetwork({ ...parts, subnet: '' });
  const subnet = subnetIn(inUse()) ?? chooseSubnet(await nodeAddresses(confDir));
  const { text, missing } = defaultNetwork({ ...parts, subnet });
  return chosen(parseNetwork(text, { file: null, list: true }), binDirs, missing);
}

/** All sandboxes of a network share its bridge, which has one subnet: only the first one's is chosen. */
function subnetIn(conflist: string | null): string | undefined {
  if (conflist === null) return undefined;
  const { plugins } = parseNetwork(conflist, { file: null, list: true }).secret();
  return plugins.flatMap((plugin) => hostLocalSubnets(plugin.ipam))[0];
}

/** A bridge may have its subnet already: a sandbox of this network was made before. Nobody else may. */
async function requireFreeSubnets(network: Network, confDir: string): Promise<void> {
  const bridges = network.secret().plugins.filter((plugin) => plugin.type === 'bridge');
  if (bridges.length === 0) return;
  const node = await nodeAddresses(confDir);
  for (const plugin of bridges) {
    const bridge = typeof plugin.bridge === 'string' ? plugin.bridge : CNI_BRIDGE;
    const others = {
      routes: node.routes.filter(({ dev }) => dev !== bridge),
      addresses: node.addresses.filter(({ dev }) => dev !== bridge),
      networks: node.networks.filter(({ name }) => name !== network.name),
    };
    for (const subnet of hostLocalSubnets(plugin.ipam)) {
      const conflict = subnetConflict(subnet, others);
      if (conflict === null) continue;
      const message = `network ${network.name} (${network.file}): its subnet ${subnet} is in use: ${conflict}; choose another`;
      throw new CniError('no-subnet', message, { network: network.name, file: network.file });
    }
  }
}

/** The bridge that the plugin makes when its configuration names none. */
const CNI_BRIDGE = 'cni0';

function hostLocalSubnets(ipam: unknown): string[] {
  if (!isObject(ipam)) return [];
  const ranges: unknown[] = Array.isArray(ipam.ranges) ? ipam.ranges.flat() : [];
  return [ipam, ...ranges].flatMap((range) =>
    isObject(range) && typeof range.subnet === 'string' ? [range.subnet] : [],
  );
}

async function nodeAddresses(confDir: string): Promise<NodeAddresses> {
  const [probed] = required(await probeNetworks(['/proc/self/ns/net']));
  if (!probed?.network)
    throw new Error(probed?.problem?.message ?? "cannot see the node's addresses: podctl-ns told nothing");
  const { links, routes, addresses } = probed.network;
  const dev = (index: number) => links.find((l) => l.index === index)?.name ?? `link ${index}`;
  return {
    routes: routes.map((r) => ({ dst: r.destination, dev: dev(r.link) })),
    addresses: addresses.map((a) => ({ address: `${a.address}/${a.prefix}`, dev: dev(a.link) })),
    networks: loadNetworks(createReadHost(), confDir).networks,
  };
}

function hasProgram(name: string, envPath: string): boolean {
  return envPath.split(':').some((folder) => fs.existsSync(path.join(folder, name)));
}
