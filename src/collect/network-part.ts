import type { NetworkSeen } from '../model/network.ts';

type Link = NetworkSeen['links'][number];

/** The part that an attachment is judged by: fields of later versions are left behind. */
export function networkPart(seen: NetworkSeen, wanted: (link: Link) => boolean = () => true): NetworkSeen {
  const links = seen.links.filter(wanted);
  // A route over several links names none.
  const isOf = ({ link }: { link: number }) => link === 0 || links.some((l) => l.index === link);
  return {
    links: links.map(({ index, name, mac, up, loopback, kind, peerIndex, peerNetnsId, master }) => ({
      index,
      name,
      mac,
      up,
      loopback,
      kind,
      peerIndex,
      peerNetnsId,
      master,
    })),
    addresses: seen.addresses.filter(isOf).map(({ link, address, prefix }) => ({ link, address, prefix })),
    routes: seen.routes
      .filter(isOf)
      .map(({ destination, gateway, link }) => ({ destination, gateway, link })),
  };
}
