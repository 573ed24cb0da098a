import type { CniCacheEntry, CniPluginConf } from '../../model/facts.ts';
import type { NetworkSeen } from '../../model/network.ts';
import type { PictureCable, PicturePlace } from '../../model/picture.ts';
import { factOf, networkOf, type PodView, type Seen } from '../pod-view.ts';

type Link = NetworkSeen['links'][number];

/** What a pod hangs on, and by what. */
export interface Hanging {
  kind: PicturePlace['kind'];
  /** Name of the bridge; else ''. */
  bridge: string;
  cable: Omit<PictureCable, 'marks'> | null;
}

/** What the node's side of all pods' interfaces looks like, read once. */
export interface NodeSide {
  seen: Seen;
  byIndex: ReadonlyMap<number, Link>;
  byName: ReadonlyMap<string, Link>;
  /** CNI's cache by sandbox id, without the loopback's. */
  given: ReadonlyMap<string, CniCacheEntry[]>;
  /** The bridge that a network's configuration names. */
  bridges: ReadonlyMap<string, string>;
}

export function nodeSide(seen: Seen): NodeSide {
  const links = factOf(seen, 'networks')?.host.seen?.links ?? [];
  const given = new Map<string, CniCacheEntry[]>();
  for (const entry of factOf(seen, 'cniCache')?.entries ?? [])
    if (entry.ifName !== 'lo') given.set(entry.containerId, [...(given.get(entry.containerId) ?? []), entry]);
  return {
    seen,
    byIndex: new Map(links.map((link) => [link.index, link])),
    byName: new Map(links.map((link) => [link.name, link])),
    given,
    bridges: bridgesOf(seen),
  };
}

function bridgesOf(seen: Seen): Map<string, string> {
  const files = factOf(seen, 'cniConf')?.files.map(({ name, plugins }) => ({ network: name, plugins })) ?? [];
  const cached = factOf(seen, 'cniCache')?.configs ?? [];
  const named = ({ network, plugins }: { network: string; plugins: CniPluginConf[] }) =>
    plugins.flatMap(({ bridge }) => (bridge ? [[network, bridge] as const] : []));
  return new Map([...cached, ...files].flatMap(named));
}

export function hangingOf(side: NodeSide, pod: PodView): Hanging {
  if (pod.hostNetwork === true) return { kind: 'node', bridge: '', cable: null };
  const expected = expectedBridge(side, pod.id);
  const inside =
    networkOf(factOf(side.seen, 'networks'), pod.anchors.get('net')?.id ?? null)?.seen ??
    factOf(side.seen, 'ownSandboxes')?.find(({ id }) => id === pod.id)?.inside;
  if (!inside) return unseen(side, pod, expected);
  const link = mainLink(inside);
  if (!link) return { kind: expected === '' ? 'none' : 'bridge', bridge: expected, cable: bare(expected) };
  if (link.kind !== 'veth')
    return { kind: 'other', bridge: '', cable: { ...cableOf(link), broken: downOf([link]) } };
  return hangingVeth(side, link, expected);
}

function hangingVeth({ byIndex }: NodeSide, link: Link, expected: string): Hanging {
  const peer = byIndex.get(link.peerIndex);
  const end = peer?.kind === 'veth' && peer.peerIndex === link.index ? peer : undefined;
  const actual = byIndex.get(end?.master ?? 0)?.name ?? '';
  const bridge = expected || actual;
  const broken = end
    ? downOf([link, end]) || astray(end, actual, expected)
    : `the end of ${link.name} on the node is missing`;
  const kind = bridge !== '' ? 'bridge' : end ? 'veth' : 'none';
  return { kind, bridge, cable: { ...cableOf(link), outside: end?.name ?? '', broken } };
}

function cableOf({ name, kind }: Link): Omit<PictureCable, 'marks'> {
  return { inside: name, kind, outside: '', broken: '' };
}

function downOf(links: readonly Link[]): string {
  return links.flatMap(({ up, name }) => (up ? [] : [`${name} is down`])).join(', ');
}

function astray(end: Link, actual: string, expected: string): string {
  if (expected === '' || actual === expected) return '';
  return actual === ''
    ? `${end.name} is not in ${expected}`
    : `${end.name} is in ${actual}, not in ${expected}`;
}

/** It has nothing but its loopback, which is a fault where CNI gave it more. */
function bare(expected: string): Hanging['cable'] {
  return expected === '' ? null : { inside: '', kind: '', outside: '', broken: 'no interface inside' };
}

/** Nobody looked inside: what CNI's cache and the node's side tell. Of a sandbox that ended nothing hangs any more. */
function unseen({ given, byName }: NodeSide, { id, state }: PodView, expected: string): Hanging {
  const names = given.get(id)?.flatMap(({ hostLinks }) => hostLinks) ?? [];
  const end = names.map((name) => byName.get(name)).find((link) => link?.kind === 'veth');
  if (state !== 'ready' || (expected === '' && !end)) return { kind: 'none', bridge: '', cable: null };
  const cable = end ? { inside: '', kind: 'veth', outside: end.name, broken: downOf([end]) } : null;
  return { kind: expected === '' ? 'veth' : 'bridge', bridge: expected, cable };
}

/** As ADD's result names it, else as the network's configuration does; '' where neither tells. */
function expectedBridge({ given, byName, bridges }: NodeSide, id: string): string {
  const entries = given.get(id) ?? [];
  const ofResult = entries.flatMap((e) => e.hostLinks).find((name) => byName.get(name)?.kind === 'bridge');
  return ofResult ?? entries.map((e) => bridges.get(e.network) ?? '').find((name) => name !== '') ?? '';
}

/** The one with an address that others can reach, else the first that is no loopback. */
function mainLink({ links, addresses }: NetworkSeen): Link | undefined {
  const own = links.filter((link) => !link.loopback);
  const reached = new Set(addresses.filter((a) => !a.address.startsWith('fe80:')).map((a) => a.link));
  return own.find(({ index }) => reached.has(index)) ?? own[0];
}
