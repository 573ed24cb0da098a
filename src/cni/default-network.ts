import path from 'node:path';
import { isObject } from '../model/shape.ts';
import { type Network, parseNetwork } from './conf.ts';
import { CniError } from './error.ts';
import { overlap, parseSubnet, type Subnet, subnetText } from './subnet.ts';

/** podctl's own network, and its bridge. */
export const DEFAULT_NETWORK = 'podctl';
export const DEFAULT_BRIDGE = 'podctl0';
/** Reservations of that network. Its bridge is one for the node, so they are too, whatever the state folder. */
export const OWN_NETWORK_DIR = '/run/podctl/network';
/** Every plugin that the default network may use. */
export const DEFAULT_PLUGINS = ['bridge', 'host-local', 'portmap', 'firewall'] as const;
const FIREWALLED: readonly string[] = ['portmap', 'firewall'];

/** What already has addresses on the node. */
export interface NodeAddresses {
  /** Destinations of all routing tables, `10.0.0.0/8` or `default`. */
  routes: readonly { dst: string; dev: string }[];
  /** Addresses of interfaces with their prefix length. */
  addresses: readonly { address: string; dev: string }[];
  /** Networks of the node's CNI configurations. */
  networks: readonly Network[];
}

/** What the default network can be made of. */
export interface DefaultParts {
  /** Those of DEFAULT_PLUGINS that are there. */
  plugins: ReadonlySet<string>;
  /** Whether iptables is in the plugins' PATH: without it no port can be published and nothing masqueraded. */
  iptables: boolean;
  /** The IPAM reservations are kept below it. */
  stateDir: string;
  subnet: string;
}

/** Pools of /24 networks, tried in order; none is a default of Kubernetes, Docker, podman or k3s. */
const POOLS = ['10.87.0.0/16', '172.27.0.0/16', '192.168.128.0/17'];
/** A route this wide says where everything goes, not what is taken; VPNs split the default route in two. */
const WIDEST = 1;

/**
 * A /24 that overlaps no route, no interface address and no subnet named in a CNI configuration. What belongs
 * to our own bridge and network does not count, and the subnet that the bridge has is kept.
 * Throws CniError `no-subnet` when all are taken, naming what takes them.
 */
export function chooseSubnet(node: NodeAddresses): string {
  const own = node.addresses.find(({ dev }) => dev === DEFAULT_BRIDGE)?.address;
  const taken = takenSubnets(node);
  const free = (subnet: Subnet) => !taken.some((other) => overlap(subnet, other.subnet));
  const kept = own === undefined ? null : parseSubnet(own);
  if (kept && kept.prefix === 24 && free(kept)) return subnetText(kept);
  const found = candidates().find(free);
  if (found) return subnetText(found);
  const all = [...new Set(taken.map(({ by }) => by))];
  const named = `${all.slice(0, 5).join(', ')}${all.length > 5 ? `, and ${all.length - 5} more` : ''}`;
  const message = `no free subnet for network ${DEFAULT_NETWORK} in ${POOLS.join(', ')}: taken by ${named}; use a network of your own (--network FILE)`;
  throw new CniError('no-subnet', message, { network: DEFAULT_NETWORK });
}

/** What a subnet overlaps on the node, in words; null when it is free. */
export function subnetConflict(subnet: string, node: NodeAddresses): string | null {
  const wanted = parseSubnet(subnet);
  if (!wanted) return `${subnet} is no IPv4 subnet`;
  return takenSubnets(node).find((other) => overlap(wanted, other.subnet))?.by ?? null;
}

/**
 * podctl's default network on a subnet. `missing` names what it does without, for want of plugins or iptables.
 * Throws CniError `plugin-missing` when bridge or host-local is not there.
 */
export function defaultNetwork(parts: DefaultParts): { network: Network; text: string; missing: string[] } {
  const { plugins, iptables, subnet } = parts;
  for (const type of ['bridge', 'host-local']) {
    if (plugins.has(type)) continue;
    const message = `network ${DEFAULT_NETWORK} needs the CNI plugin ${type}, which is not there; install the CNI plugins (Debian: containernetworking-plugins), name their folder (CNI_PATH), or use --network none`;
    throw new CniError('plugin-missing', message, { network: DEFAULT_NETWORK, plugin: type });
  }
  const chained = [
    { type: 'portmap', capabilities: { portMappings: true }, snat: true },
    { type: 'firewall' },
  ];
  const usable = (type: string) => plugins.has(type) && (iptables || !FIREWALLED.includes(type));
  const conf = {
    cniVersion: '1.0.0',
    name: DEFAULT_NETWORK,
    plugins: [
      {
        type: 'bridge',
        bridge: DEFAULT_BRIDGE,
        isGateway: true,
        ipMasq: iptables,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: path.join(parts.stateDir, 'ipam'),
          ranges: [[{ subnet }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      ...chained.filter(({ type }) => usable(type)),
    ],
  };
  const text = JSON.stringify(conf, null, 2);
  const absent = chained.map(({ type }) => type).filter((type) => !plugins.has(type));
  const missing = iptables ? absent : [...absent, 'iptables'];
  return { network: parseNetwork(text, { file: null }), text, missing };
}

function candidates(): Subnet[] {
  return POOLS.flatMap((pool) => {
    const { base, prefix } = parseSubnet(pool) ?? { base: 0, prefix: 24 };
    return Array.from({ length: 2 ** (24 - prefix) }, (_, i) => ({ base: base + i * 256, prefix: 24 }));
  });
}

function takenSubnets(node: NodeAddresses): { subnet: Subnet; by: string }[] {
  const named = [
    ...node.routes
      .filter(({ dev }) => dev !== DEFAULT_BRIDGE)
      .map(({ dst, dev }) => ({ text: dst, by: `route ${dst} by ${dev}` })),
    ...node.addresses
      .filter(({ dev }) => dev !== DEFAULT_BRIDGE)
      .map(({ address, dev }) => ({ text: address, by: `address ${address} of ${dev}` })),
    ...node.networks
      .filter(({ name }) => name !== DEFAULT_NETWORK)
      .flatMap((network) =>
        subnetsOf(network).map((text) => ({ text, by: `${text} of CNI network ${network.name}` })),
      ),
  ];
  return named.flatMap(({ text, by }) => {
    const subnet = parseSubnet(text);
    return subnet && subnet.prefix > WIDEST ? [{ subnet, by }] : [];
  });
}

/** Every IPv4 network that a configuration names, whatever the key: a plugin's own keys are not known here. */
export function subnetsOf(network: Network): string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && value.includes('/') && parseSubnet(value)) found.add(value);
    else if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value)) Object.values(value).forEach(walk);
  };
  walk(network.secret().plugins);
  return [...found];
}
