import type { NetworkInside, NetworksFact, Process } from '../model/facts.ts';
import { sameAddress } from './address.ts';
import { inhabitedNetns } from './process.ts';

type Link = NonNullable<NetworkInside['seen']>['links'][number];

/** Addresses in pinned namespaces that some process is in, in one spelling (`sameAddress`). */
export function inhabitedAddresses(processes: Process[], networks: NetworksFact | undefined): Set<string> {
  const inhabited = inhabitedNetns(processes);
  const pods = (networks?.pods ?? []).filter(({ ns }) => inhabited.has(ns));
  return new Set(pods.flatMap((pod) => podAddresses(pod).map(sameAddress)));
}

/** Addresses of a namespace that others can reach: neither loopback nor link-local. */
export function podAddresses({ seen }: NetworkInside): string[] {
  const loopback = new Set(seen?.links.filter((l) => l.loopback).map((l) => l.index));
  return (seen?.addresses ?? [])
    .filter(({ link, address }) => !loopback.has(link) && !/^(169\.254\.|fe80:)/i.test(address))
    .map(({ address }) => address);
}

/** A veth of the node, and the namespace that its other end is in. */
export interface HostVeth {
  link: Link;
  /** Name of the bridge that it is in; '' for none. */
  bridge: string;
  peer: NetworkInside;
}

/** The node's veths whose other end was seen in exactly one namespace. */
export function hostVeths({ host, pods }: NetworksFact): HostVeth[] {
  const links = host.seen?.links ?? [];
  const names = new Map(links.map((l) => [l.index, l.name]));
  const ends = endsOf(pods.filter((pod) => pod.ns !== host.ns));
  return links
    .filter((link) => link.kind === 'veth' && link.peerNetnsId >= 0)
    .flatMap((link) => {
      const [peer, ...others] = ends.get(pairOf(link.peerIndex, link.index)) ?? [];
      return peer && others.length === 0 ? [{ link, peer, bridge: names.get(link.master) ?? '' }] : [];
    });
}

/** Namespaces by the veths in them, of which each knows the number of its other end. */
function endsOf(pods: readonly NetworkInside[]): Map<string, Set<NetworkInside>> {
  const ends = new Map<string, Set<NetworkInside>>();
  for (const pod of pods)
    for (const { kind, index, peerIndex } of pod.seen?.links ?? []) {
      if (kind !== 'veth') continue;
      const key = pairOf(index, peerIndex);
      const found = ends.get(key) ?? new Set();
      ends.set(key, found.add(pod));
    }
  return ends;
}

function pairOf(index: number, peerIndex: number): string {
  return `${index} ${peerIndex}`;
}
