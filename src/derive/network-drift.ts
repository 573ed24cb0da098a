import type { NetworkSeen } from '../model/network.ts';
import type { Attachment } from '../model/sandbox.ts';

type Link = NetworkSeen['links'][number];
type Expected = Pick<Attachment, 'interfaces' | 'addresses' | 'routes'>;

/**
 * What a sandbox's network lacks of what ADD gave it, each as a clause for people; empty when all is there.
 * `expected` null: loopback only. `host` is the node's own network; null where it was not seen.
 */
export function networkDrift(
  expected: Expected | null,
  inside: NetworkSeen,
  host: NetworkSeen | null,
): string[] {
  const lo = inside.links.find((l) => l.loopback);
  return [...(lo?.up ? [] : ['lo is down']), ...(expected ? attachmentDrift(expected, inside, host) : [])];
}

function attachmentDrift(expected: Expected, inside: NetworkSeen, host: NetworkSeen | null): string[] {
  return [
    ...expected.interfaces.filter((i) => i.inside).flatMap((i) => interfaceDrift(i, inside, expected, host)),
    ...expected.addresses.filter((a) => !hasAddress(inside, a)).map((a) => `address ${a} is missing`),
    ...expected.routes.filter((r) => !hasRoute(inside, r)).map((r) => `route to ${r.dst} is missing`),
  ];
}

function interfaceDrift(
  wanted: { name: string; mac: string },
  inside: NetworkSeen,
  expected: Expected,
  host: NetworkSeen | null,
): string[] {
  const link = inside.links.find((l) => l.name === wanted.name);
  if (!link) return [`interface ${wanted.name} is missing`];
  const swapped = wanted.mac !== '' && link.mac !== wanted.mac.toLowerCase();
  return [
    ...(link.up ? [] : [`interface ${wanted.name} is down`]),
    ...(swapped
      ? [`interface ${wanted.name} is another one: its MAC is ${link.mac}, was ${wanted.mac}`]
      : []),
    ...(host ? hostEndDrift(link, expected, host) : []),
  ];
}

/** Only a veth has an end of its own on the host; other kinds hang on an interface that others use too. */
function hostEndDrift(link: Link, expected: Expected, host: NetworkSeen): string[] {
  if (link.kind !== 'veth' || link.peerIndex === 0) return [];
  const end = host.links.find((l) => l.index === link.peerIndex && l.kind === 'veth');
  if (!end) return [`the host end of ${link.name} is missing`];
  const names = expected.interfaces.filter((i) => !i.inside).map((i) => i.name);
  const bridge = host.links.find((l) => l.kind === 'bridge' && names.includes(l.name));
  return [
    ...(end.up ? [] : [`the host end ${end.name} is down`]),
    ...(bridge && end.master !== bridge.index ? [`the host end ${end.name} is not in ${bridge.name}`] : []),
    ...(bridge && !bridge.up ? [`the bridge ${bridge.name} is down`] : []),
  ];
}

function hasAddress({ addresses }: NetworkSeen, wanted: string): boolean {
  return addresses.some(({ address, prefix }) => `${address}/${prefix}` === wanted);
}

/** A gateway that the plugins did not name is not judged. */
function hasRoute({ routes }: NetworkSeen, { dst, gw }: { dst: string; gw: string | null }): boolean {
  return routes.some((r) => r.destination === dst && (gw === null || r.gateway === gw || r.gateway === ''));
}
