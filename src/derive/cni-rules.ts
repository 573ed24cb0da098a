import type { CniCacheEntry } from '../model/cni-facts.ts';
import type { CniRules, Reservation } from '../model/facts.ts';
import { sameAddress } from './address.ts';

/** What names the rules of one attachment: where a chain is shared, so is its name. */
export function rulesKey({ backend, family, chain, containerId }: CniRules): string {
  return `${backend} ${family} ${chain} ${containerId}`;
}

/** `8080/tcp`, or `10.0.0.9:53/udp` where it is published at one address of the node. */
export function portText({ hostIp, hostPort, protocol }: CniRules['ports'][number]): string {
  const address = hostIp.includes(':') ? `[${hostIp}]:` : hostIp === '' ? '' : `${hostIp}:`;
  return `${address}${hostPort}/${protocol}`;
}

/** The first ports of an earlier chain that a later one is meant to serve, and so never sees. */
export function portTakenBy(earlier: CniRules, later: CniRules): CniRules['ports'][number] | undefined {
  if (earlier.backend !== later.backend || earlier.family !== later.family || !later.reached)
    return undefined;
  return later.ports.find((port) =>
    earlier.ports.some(
      (one) =>
        one.hostPort === port.hostPort &&
        one.protocol === port.protocol &&
        (one.hostIp === '' || one.hostIp === port.hostIp),
    ),
  );
}

/** Who has each address by now, in one spelling: of reservations and attachments of these ids. */
export function holdersOf(
  reservations: readonly Reservation[],
  entries: readonly CniCacheEntry[],
  isOwned: (id: string) => boolean,
): Map<string, string> {
  const held = [
    ...reservations.flatMap(({ address, containerId }) =>
      address && containerId ? [[address, containerId]] : [],
    ),
    ...entries.flatMap((e) =>
      e.ifName === 'lo' ? [] : e.addresses.map((address) => [address, e.containerId]),
    ),
  ] as [string, string][];
  return new Map(held.filter(([, id]) => isOwned(id)).map(([address, id]) => [sameAddress(address), id]));
}

/** Each command that deletes the rules of one attachment and its chain, in order. */
export function ruleCommands(
  program: string,
  { backend, chain, entries }: Pick<CniRules, 'backend' | 'chain' | 'entries'>,
): string[][] {
  if (backend === 'nftables') return entries.map((entry) => [program, 'delete', 'rule', ...entry]);
  const table = [program, '-w', '-t', 'nat'];
  return [
    ...entries.map((entry) => [...table, '-D', ...entry]),
    [...table, '-F', chain],
    [...table, '-X', chain],
  ];
}
