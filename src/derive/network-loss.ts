import type { CniCacheEntry } from '../model/facts.ts';
import type { NetworkSeen } from '../model/network.ts';
import { inRange, sameAddress } from './address.ts';
import { memo } from './memo.ts';

export type Link = NetworkSeen['links'][number];

/** Links by name and by index. */
export const linksOf = memo((links: Link[]) => {
  return {
    named: new Map(links.map((link) => [link.name, link])),
    at: new Map(links.map((link) => [link.index, link])),
  };
});

/** What is left of one attachment. */
export interface NetworkLoss {
  /** The interface inside. `other`: somebody in the pod uses it in a way of his own, which nobody can judge. */
  inside: 'there' | 'down' | 'gone' | 'other';
  /** Those that are missing. */
  addresses: string[];
  routes: string[];
  /** Host end of its veth; null for other kinds, and where it was not seen. */
  end: Link | null;
}

const HALVES: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['0.0.0.0/1', '128.0.0.0/1'],
  '::/0': ['::/1', '8000::/1'],
};

/**
 * What an attachment lacks of what ADD gave it. More than that is normal: what plugins, sidecars and people add or
 * put in its place counts as there. `host` is the node's own network; null where it was not seen.
 */
export function networkLoss(
  entry: CniCacheEntry,
  inside: NetworkSeen,
  host: NetworkSeen | null,
): NetworkLoss {
  const link = inside.links.find(({ name }) => name === entry.ifName);
  const isJudged = familyFilter(inside);
  const state = isRewired(entry, inside, host, link) ? 'other' : link === undefined ? 'gone' : null;
  return {
    inside: state ?? (link?.up ? 'there' : 'down'),
    addresses: entry.addresses.filter((one) => isJudged(one) && !hasAddress(inside, one)),
    routes: entry.given?.routes.filter((one) => isJudged(one) && !isCovered(inside, one)) ?? [],
    end: link && host ? hostEnd(link, host) : null,
  };
}

/** A pod may have IPv6 switched off by a sysctl, by which the kernel drops all of it, the link's own addresses too. */
function familyFilter({ addresses, links }: NetworkSeen): (text: string) => boolean {
  const loopback = new Set(links.filter((link) => link.loopback).map(({ index }) => index));
  const hasSix = addresses.some(({ link, address }) => address.includes(':') && !loopback.has(link));
  return (text) => hasSix || !text.includes(':');
}

/**
 * Renamed, replaced, or given to a bridge, bond or VRF of the pod's own, as KubeVirt does: seen by its hardware
 * address, by where the host end leads, or by an address that is elsewhere. Nor is there anything to miss where the
 * result promised nothing.
 */
function isRewired(
  { ifName, hostLinks, given, addresses }: CniCacheEntry,
  inside: NetworkSeen,
  host: NetworkSeen | null,
  link: Link | undefined,
): boolean {
  const promised = given?.interfaces.find(({ name }) => name === ifName);
  if (!promised && addresses.length === 0) return true;
  const hasMac = ({ mac }: Link) => promised !== undefined && promised.mac !== '' && mac === promised.mac;
  if (link && (link.master !== 0 || (promised && promised.mac !== '' && !hasMac(link)))) return true;
  const ends = host ? hostLinks.flatMap((name) => linksOf(host.links).named.get(name) ?? []) : [];
  if (inside.links.some((one) => one !== link && ends.some((end) => arePair(one, end)))) return true;
  return !link && (inside.links.some(hasMac) || addresses.some((address) => hasAddress(inside, address)));
}

function hostEnd(link: Link, host: NetworkSeen): Link | null {
  const end = link.peerNetnsId < 0 ? undefined : linksOf(host.links).at.get(link.peerIndex);
  return end && arePair(link, end) ? end : null;
}

/** The two ends of a veth name each other. */
function arePair(one: Link, other: Link): boolean {
  const areVeths = one.kind === 'veth' && other.kind === 'veth';
  return areVeths && one.peerIndex === other.index && other.peerIndex === one.index;
}

/** With whatever prefix, on whatever link. */
function hasAddress({ addresses }: NetworkSeen, wanted: string): boolean {
  return addresses.some(({ address }) => address === wanted || sameAddress(address) === sameAddress(wanted));
}

/** Whether some route leads there: by another gateway, or a wider one, is as good. */
function isCovered({ routes }: NetworkSeen, wanted: string): boolean {
  const has = (destination: string) => routes.some((route) => route.destination === destination);
  if (has(wanted)) return true;
  const halves = HALVES[wanted];
  if (halves) return halves.every(has);
  const [address = '', prefix = ''] = wanted.split('/');
  return routes.some(({ destination }) => {
    const isWider = Number(destination.split('/')[1]) <= Number(prefix);
    return isWider && inRange(address, { subnet: destination, start: '', end: '' });
  });
}
