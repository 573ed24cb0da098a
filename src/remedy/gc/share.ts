import type { GcKind } from '../remedy.ts';
import { type Candidate, type Looked, planOf, seen } from './candidates.ts';

/** How much of a kind would go. What is from before this boot is counted on neither side. */
export interface Share {
  kind: GcKind;
  /** For people, in the plural. */
  what: string;
  going: number;
  of: number;
}

const HALF = 50;
/** So many of a kind may go whatever their share is: a small node has few of anything. */
const FEW = 5;

const WORDS: Record<GcKind, string> = {
  sandboxes: 'sandboxes',
  netns: 'pinned network namespaces',
  ipam: 'address reservations',
  links: "host ends of pods' links",
  shims: 'shims',
  cgroups: "pods' cgroups",
};

/** Shares of all kinds of which something would go. Cache entries of CNI are a kind of their own. */
export function sharesOf(going: readonly Candidate[], look: Looked): Share[] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of going) {
    if (candidate.kind === null || !planOf(candidate) || candidate.finding.data.beforeBoot === true) continue;
    const key = `${candidate.kind} ${isCacheEntry(candidate)}`;
    groups.set(key, [...(groups.get(key) ?? []), candidate]);
  }
  return [...groups.values()].flatMap((group): Share[] => {
    const [first] = group;
    if (!first || first.kind === null) return [];
    const inCache = isCacheEntry(first);
    const ids = new Set(group.flatMap(objectsOf));
    const there = inCache ? cacheEntries(look, ids) : populations[first.kind](look, ids);
    const what = inCache ? 'entries of the CNI cache' : WORDS[first.kind];
    return [{ kind: first.kind, what, going: ids.size, of: new Set([...there, ...ids]).size }];
  });
}

/** Shares that look like a renamed label or a list that was half read. `maxPercent`: null for the usual half. */
export function suspicious(shares: readonly Share[], maxPercent: number | null): Share[] {
  return shares.filter(({ going, of }) => going > FEW && going * 100 > (maxPercent ?? HALF) * of);
}

/** Of a pile of sandboxes each one counts. */
function objectsOf(candidate: Candidate): string[] {
  const removed = (planOf(candidate)?.steps ?? []).flatMap(({ action }) =>
    action.kind === 'remove-sandbox' ? [action.sandbox] : [],
  );
  return candidate.kind === 'sandboxes' && removed.length > 0 ? removed : [candidate.finding.subject.id];
}

function isCacheEntry({ kind, finding }: Candidate): boolean {
  return kind === 'ipam' && finding.subject.kind === 'file';
}

/**
 * Ids as the findings' subjects have them, of all that there is of a kind since this boot. Of addresses,
 * pins and links only those of the networks in question: others of the node would make a share look small.
 */
const populations: Record<GcKind, (look: Looked, going: ReadonlySet<string>) => string[]> = {
  sandboxes: (look) =>
    (seen(look, 'sandboxes') ?? []).filter((s) => isOfThisBoot(look, s.createdAt)).map((s) => s.id),
  netns: (look, going) => {
    const pins = (seen(look, 'pins')?.pins ?? []).filter((pin) => pin.type === 'net');
    const schemes = new Set(pins.filter((pin) => going.has(pin.path)).map((pin) => pin.scheme));
    return pins.filter((pin) => schemes.has(pin.scheme)).map((pin) => pin.path);
  },
  ipam: (look, going) => {
    const all = seen(look, 'reservations')?.reservations ?? [];
    const folders = new Set(all.filter((r) => going.has(r.path)).map((r) => r.folder));
    return all
      .filter((r) => r.state !== 'foreign' && folders.has(r.folder) && isOfThisBoot(look, r.mtime))
      .map((r) => r.path);
  },
  links: (look, going) => {
    const veths = (seen(look, 'networks')?.host.seen?.links ?? []).filter((link) => link.kind === 'veth');
    const bridges = new Set(veths.filter((link) => going.has(link.name)).map((link) => link.master));
    return veths.filter((link) => bridges.has(link.master)).map((link) => link.name);
  },
  shims: (look) =>
    (seen(look, 'processes') ?? []).flatMap(({ shim }) => (shim?.namespace === 'k8s.io' ? [shim.id] : [])),
  cgroups: (look) => (seen(look, 'cgroups') ?? []).map((group) => group.path),
};

function cacheEntries(look: Looked, going: ReadonlySet<string>): string[] {
  const entries = seen(look, 'cniCache')?.entries ?? [];
  const networks = new Set(entries.filter((e) => going.has(e.path)).map((e) => e.network));
  return entries
    .filter((e) => e.state !== 'foreign' && networks.has(e.network) && isOfThisBoot(look, e.mtime))
    .map((e) => e.path);
}

function isOfThisBoot(look: Looked, time: number): boolean {
  return time >= (seen(look, 'host')?.bootTime ?? 0);
}
