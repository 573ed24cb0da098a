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
  return links
    .filter((link) => link.kind === 'veth' && link.peerNetnsId >= 0)
    .flatMap((link) => {
      const [peer, ...others] = pods.filter((pod) => pod.ns !== host.ns && holdsPeer(pod, link));
      return peer && others.length === 0 ? [{ link, peer, bridge: names.get(link.master) ?? '' }] : [];
    });
}

function holdsPeer({ seen }: NetworkInside, { index, peerIndex }: Link): boolean {
  return (
    seen?.links.some((l) => l.kind === 'veth' && l.index === peerIndex && l.peerIndex === index) ?? false
  );
}
