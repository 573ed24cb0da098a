import type {
  CniCacheFact,
  CniConfFact,
  CniPluginsFact,
  HostFact,
  PinsFact,
  ReservationsFact,
  RuntimeFact,
} from '../model/facts.ts';
import { completeValue, type Outcome } from '../model/outcome.ts';
import { pluginFault } from './cni-plugins.ts';
import { keyOf } from './cni-scope.ts';
import { pinsByPath } from './pins.ts';
import { runPath } from './process.ts';
import type { SandboxView } from './sandbox-view.ts';

/** What a dead sandbox still holds of its network. */
export interface KeptNetwork {
  /** Mounted pin of its namespace. */
  pin: string;
  addresses: string[];
  /** Its own network's entries in the cache, the loopback's left out. */
  entries: CniCacheFact['entries'];
}

/** Null for one that lives, has been taken down, or whose namespace is not known. */
export function keptNetwork(
  { id, listed, record, pause, members }: SandboxView,
  pins: PinsFact,
  cache: CniCacheFact,
  reservations: Outcome<ReservationsFact>,
): KeptNetwork | null {
  if (listed?.state !== 'notready' || listed.provider || pause !== null || members.length > 0) return null;
  const own = cache.entries.filter((entry) => keyOf(entry)?.containerId === id);
  const path = runPath(record?.netnsPath ?? own.find(({ netns }) => netns !== '')?.netns ?? '');
  const pin = pinsByPath(pins.pins).get(path);
  if (!pin?.confirmed || pin.ns === null) return null;
  const entries = own.filter((entry) => keyOf(entry)?.ifName !== 'lo');
  const reserved = completeValue(reservations)?.reservations.filter((r) => r.containerId === id) ?? [];
  const addresses = [...reserved.flatMap((r) => r.address ?? []), ...entries.flatMap((e) => e.addresses)];
  return { pin: path, addresses: [...new Set(addresses)], entries };
}

/** Why the runtime cannot take any network down. */
export interface TeardownFault {
  kind: 'noConfig' | 'noPlugin';
  /** Of plugins that cannot be run: their names, and where they belong. */
  plugins: string[];
  folders: string[];
  network: string;
}

/** Null where nothing of configuration and plugins speaks against it: agents and servers are not asked. */
export function teardownFault(
  runtime: Outcome<RuntimeFact>,
  cniConf: Outcome<CniConfFact>,
  cniPlugins: Outcome<CniPluginsFact>,
  host: HostFact,
): TeardownFault | null {
  const conf = completeValue(cniConf);
  const network = conf?.files.find((f) => f.problem === '')?.name ?? '';
  const notReady = completeValue(runtime)?.conditions.find((c) => c.type === 'NetworkReady' && !c.status);
  if (notReady && (/not initialized/.test(notReady.message) || (conf !== undefined && network === '')))
    return { kind: 'noConfig', plugins: [], folders: conf ? [conf.folder] : [], network: '' };
  const { plugins = [], binDirs = [] } = completeValue(cniPlugins) ?? {};
  const broken = plugins.filter(
    (plugin) => plugin.neededBy.some(({ from }) => from !== 'cache') && pluginFault(plugin, host) !== null,
  );
  if (broken.length === 0) return null;
  return { kind: 'noPlugin', plugins: broken.map((p) => p.type), folders: binDirs, network };
}
