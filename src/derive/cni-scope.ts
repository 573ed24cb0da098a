import type {
  CniCacheEntry,
  CniCacheFact,
  CniConfFact,
  CniConfFile,
  Daemon,
  EndpointsFact,
  Process,
  Reservation,
  ReservationsFact,
} from '../model/facts.ts';
import { completeValue, type Outcome, type Problem, problem } from '../model/outcome.ts';
import type { Owners } from './owners.ts';
import { sameRunPath } from './process.ts';

/** containerd's loopback, of which every sandbox has an entry in the cache. */
const LOOPBACK = 'cni-loopback';
/** Networks of podman with CNI; old versions of it named their pins as containerd does. */
const PODMAN = /^(cni-)?podman\d*$/;
/** Of podctl's own network, whatever its state folder is. */
const OWN_RESERVATIONS = '/run/podctl/network/ipam/podctl';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const PIN_NAMES = { containerd: new RegExp(`/cni-${UUID}$`), other: new RegExp(`/netns/${UUID}$`) };
const ID = '[0-9a-f]{64}';
const CACHE_NAME = new RegExp(`/([^/]+)-(${ID})-([^/]+)$`);

export interface ScopeFacts {
  processes: Process[];
  endpoints: EndpointsFact;
  reservations: Outcome<ReservationsFact>;
  cniCache: Outcome<CniCacheFact>;
  cniConf: Outcome<CniConfFact>;
  daemons: Outcome<Daemon[]>;
}

/** Which of the node's CNI networks are this runtime's, or podctl's: other programs use the same folders. */
export interface CniScope {
  hasReservation(reservation: Reservation): boolean;
  hasEntry(entry: CniCacheEntry): boolean;
  /** Whether an attachment of this id to this network would be. */
  hasAttachment(network: string, id: string): boolean;
  /** Networks that another runtime uses as well, so that nothing of them can be judged. */
  problems: Problem[];
}

/** Whose an entry of the cache is: what it tells, else its name. Null where neither does. */
export function keyOf({ path, network, containerId, ifName }: CniCacheEntry) {
  if (containerId !== '') return { network, containerId, ifName };
  const [, named, id, interfaceName] = CACHE_NAME.exec(path) ?? [];
  return named && id && interfaceName ? { network: named, containerId: id, ifName: interfaceName } : null;
}

/** Ids as runtimes that speak CRI give them; nerdctl and others give longer ones. */
export function isSandboxId(id: string): boolean {
  return new RegExp(`^${ID}$`).test(id);
}

/**
 * A network is the runtime's when it is its pod network by configuration, or one that its sandboxes are attached
 * to, or when the namespace of the attachment has the runtime's own naming and no other runtime is about.
 */
export function cniScope(facts: ScopeFacts, owners: Owners): CniScope {
  const reservations = completeValue(facts.reservations)?.reservations ?? [];
  const entries = completeValue(facts.cniCache)?.entries ?? [];
  const files = completeValue(facts.cniConf)?.files ?? [];
  const first = owners.runtime === '' ? undefined : podNetworkOf(files);
  const attached = entries.map(keyOf).filter((k) => k !== null && owners.ofRuntime.has(k.containerId));
  const names = new Set([first?.name ?? LOOPBACK, ...attached.map((k) => k?.network ?? LOOPBACK)]);
  names.delete(LOOPBACK);
  const folders = new Map(files.map((f) => [f.name, f.plugins.find((p) => p.ipam?.folder)?.ipam?.folder]));
  const shared = sharedNetworks(reservations, entries, owners);
  const named = isAlone(facts) ? idsNamedByRuntime(entries, owners.runtime) : new Set<string>();
  const isJudged = (network: string, id: string) =>
    !shared.has(network) && (names.has(network) || (named.has(id) && !PODMAN.test(network)));
  const hasReservation = (r: Reservation) =>
    r.folder === OWN_RESERVATIONS ||
    (isJudged(r.network, r.containerId ?? '') && (folders.get(r.network) ?? r.folder) === r.folder);
  const withAddress = new Set(reservations.filter(hasReservation).map((r) => r.containerId));
  const hasEntry = (entry: CniCacheEntry) => {
    const key = keyOf(entry);
    if (key === null) return false;
    const { network, containerId: id } = key;
    if (network !== LOOPBACK) return isJudged(network, id);
    const beside = entries.filter((e) => e !== entry).map(keyOf);
    return (
      named.has(id) ||
      withAddress.has(id) ||
      beside.some((k) => k?.containerId === id && isJudged(k.network, id))
    );
  };
  return {
    hasReservation,
    hasEntry,
    hasAttachment: isJudged,
    problems: [...shared]
      .filter(([network]) => names.has(network))
      .map(([network, id]) => sharing(network, id)),
  };
}

/** Networks of which something holds a part that lives, but is not this runtime's. */
function sharedNetworks(
  reservations: Reservation[],
  entries: CniCacheEntry[],
  { ofOthers }: Owners,
): Map<string, string> {
  const claims = [...reservations, ...entries].flatMap(({ network, containerId }): [string, string][] =>
    containerId !== null && ofOthers.has(containerId) ? [[network, containerId]] : [],
  );
  return new Map(claims);
}

function sharing(network: string, id: string): Problem {
  const message = `another runtime uses the network ${network} as well: ${id.slice(0, 13)} lives and is in no list of this one`;
  return problem('unavailable', message, network);
}

/** The first configuration that can be used: that of the pod network. */
export function podNetworkOf(files: readonly CniConfFile[]): CniConfFile | undefined {
  return files.find((f) => f.problem === '');
}

/** Another containerd has pods on this node: its pins and attachments lie beside those of this one. */
export function hasForeignPods(processes: readonly Process[], { chosen }: EndpointsFact): boolean {
  return processes.some(
    ({ shim }) => shim?.namespace === 'k8s.io' && !sameRunPath(shim.address, chosen?.path ?? ''),
  );
}

/** No other runtime of pods on this node: Docker's containerd makes none. */
function isAlone({ daemons, processes, endpoints }: ScopeFacts): boolean {
  const runtimes = (completeValue(daemons) ?? []).filter(
    (d) => ['containerd', 'crio'].includes(d.kind) && !(d.flags.address ?? '').includes('/docker/'),
  );
  return runtimes.length === 1 && !hasForeignPods(processes, endpoints);
}

function idsNamedByRuntime(entries: CniCacheEntry[], runtime: string): Set<string> {
  const pattern = runtime === 'containerd' ? PIN_NAMES.containerd : PIN_NAMES.other;
  return new Set(entries.filter((e) => runtime !== '' && pattern.test(e.netns)).map((e) => e.containerId));
}
