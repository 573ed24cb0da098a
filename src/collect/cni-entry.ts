import { decodeConfig } from '../cni/cache-format.ts';
import { portsAskedFor } from '../cni/published-ports.ts';
import { type CniResult, normaliseResult } from '../cni/result.ts';
import type { CniCacheEntry, CniGiven, CniPluginConf } from '../model/facts.ts';
import { isObject } from '../model/shape.ts';
import { pluginConf } from './ipam-folder.ts';

/** What a stored configuration tells; the text itself may hold secrets. */
export interface StoredConfig {
  usable: boolean;
  /** Its results are not to be compared with what is there. */
  disableCheck: boolean;
  network: string;
  plugins: CniPluginConf[];
}

type Told = Omit<CniCacheEntry, 'path' | 'mtime' | 'confirmed'>;

const NOTHING: Omit<Told, 'state'> = {
  network: '',
  containerId: '',
  ifName: '',
  netns: '',
  addresses: [],
  hostLinks: [],
  hasConfig: false,
};

const UNREAD: StoredConfig = { usable: false, disableCheck: false, network: '', plugins: [] };

const LONGEST_PATH = 4096;

/** What a file of libcni's cache tells of one attachment. `stored` knows configurations by their text. */
export function parseCniEntry(text: string, stored: (config: string) => StoredConfig): Told {
  const file = parse(text);
  if (file === undefined) return untold(text.trim() === '' ? 'empty' : 'malformed');
  if (!isObject(file) || file.kind !== 'cniCacheV1') return untold('otherKind');
  if (typeof file.containerId !== 'string' || file.containerId === '') return untold('malformed');
  const result = normaliseResult(file.result);
  const config = typeof file.config === 'string' ? stored(file.config) : UNREAD;
  const inside = result?.interfaces.find(({ sandbox }) => isPath(sandbox))?.sandbox;
  return {
    state: 'whole',
    network: textOf(file.networkName),
    containerId: file.containerId,
    ifName: textOf(file.ifName),
    // Old libcni wrote no `netns`: the interface inside the pod names it.
    netns: isPath(file.netns) ? file.netns : (inside ?? ''),
    addresses: result?.ips.map(({ address }) => address.slice(0, address.indexOf('/'))) ?? [],
    hostLinks: result?.interfaces.flatMap(({ name, sandbox }) => (sandbox === '' ? [name] : [])) ?? [],
    hasConfig: config.usable,
    ...(result && !config.disableCheck ? { given: givenBy(result) } : {}),
    rules: {
      ports: config.plugins.some(({ does }) => does?.ports) ? portsAskedFor(file.capabilityArgs) : [],
      masquerade: config.plugins.some(({ does }) => does?.masquerade),
    },
  };
}

/** AWS's plugin writes down things that are no interfaces, with numbers in place of a namespace. */
function givenBy({ interfaces, routes }: CniResult): CniGiven {
  const inside = interfaces.filter(({ sandbox }) => isPath(sandbox));
  return {
    interfaces: inside.map(({ name, mac }) => ({ name, mac: mac.toLowerCase() })),
    routes: routes.map(({ dst }) => dst),
  };
}

/** An entry of which nothing is known but how it is. */
export function untold(state: CniCacheEntry['state']): Told {
  return { state, ...NOTHING };
}

/** Reads stored configurations, each text once: all pods of a network have the same. */
export function storedConfigs(): { of(config: string): StoredConfig; all(): StoredConfig[] } {
  const known = new Map<string, StoredConfig>();
  return {
    of(config) {
      const found = known.get(config) ?? readConfig(config);
      known.set(config, found);
      return found;
    },
    all: () => [...known.values()],
  };
}

function readConfig(config: string): StoredConfig {
  const network = decodeConfig(config);
  if (network === null) return UNREAD;
  const plugins = network.secret().plugins.map((plugin) => pluginConf(plugin, network.name));
  return { usable: true, disableCheck: network.disableCheck, network: network.name, plugins };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('/') && value.length <= LONGEST_PATH;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
