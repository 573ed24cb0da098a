import { expect, test } from 'vitest';
import type { Facts, Reservation } from '../../../src/model/facts.ts';
import { sharesOf, suspicious } from '../../../src/remedy/gc/share.ts';
import { emptyNode, healthyNode, id, NOW } from '../../support/node.ts';
import { candidate, lookedAt } from './candidate.ts';

const FOLDER = '/var/lib/cni/networks/podnet';
const pathOf = (n: number) => `${FOLDER}/10.88.0.${n}`;

function reservation(n: number, mtime = NOW - 60_000): Reservation {
  return {
    path: pathOf(n),
    folder: FOLDER,
    network: 'podnet',
    address: `10.88.0.${n}`,
    containerId: id(`${n}`),
    ifName: 'eth0',
    mtime,
    state: 'whole',
    confirmed: true,
  };
}

function withReservations(count: number): Facts {
  const node = emptyNode();
  node.reservations.reservations = Array.from({ length: count }, (_, n) => reservation(n));
  return node;
}

const going = (count: number, more = {}) =>
  Array.from({ length: count }, (_, n) => candidate({ id: pathOf(n), ...more }));

function verdict(count: number, of: number, maxPercent: number | null = null): boolean {
  const shares = sharesOf(going(count), lookedAt(withReservations(of)));
  expect(shares).toEqual([{ kind: 'ipam', what: 'address reservations', going: count, of }]);
  return suspicious(shares, maxPercent).length > 0;
}

test('more than half and more than five is too much', () => {
  expect(verdict(7, 13)).toBe(true);
  expect(verdict(6, 12)).toBe(false);
  expect(verdict(6, 11)).toBe(true);
  expect(verdict(5, 5)).toBe(false);
  expect(verdict(6, 6)).toBe(true);
});

test('what was asked for after a look is the limit instead', () => {
  expect(verdict(7, 10, 70)).toBe(false);
  expect(verdict(7, 10, 69)).toBe(true);
  expect(verdict(6, 6, 100)).toBe(false);
  expect(verdict(6, 20, 10)).toBe(true);
});

test('what is from before this boot counts on neither side', () => {
  const node = withReservations(8);
  const old = Array.from({ length: 40 }, (_, n) => reservation(100 + n, node.host.bootTime - 1));
  node.reservations.reservations.push(...old);
  const leaked = [...going(7), ...old.map(({ path }) => candidate({ id: path, beforeBoot: true }))];
  const shares = sharesOf(leaked, lookedAt(node));
  expect(shares).toEqual([{ kind: 'ipam', what: 'address reservations', going: 7, of: 8 }]);
  expect(suspicious(shares, null)).toEqual(shares);
  expect(sharesOf(leaked.slice(7), lookedAt(node))).toEqual([]);
});

test('each kind has its own population, and what no list knows counts in it', () => {
  const node = healthyNode();
  const look = lookedAt(node);
  const share = (wanted: Parameters<typeof candidate>[0]) => sharesOf([candidate(wanted)], look)[0];
  const sandboxes = node.sandboxes.length;
  const pin = node.pins.pins[0]?.path ?? '';
  expect(share({ kind: 'sandboxes', subject: 'sandbox', id: id('f') })).toMatchObject({
    going: 1,
    of: sandboxes + 1,
  });
  expect(share({ kind: 'netns', subject: 'netns', id: pin })).toMatchObject({ going: 1, of: 2 });
  expect(share({ kind: 'shims', subject: 'shim', id: id('f') })).toMatchObject({ going: 1, of: 4 });
  const [veth] = node.networks.host.seen?.links.filter((link) => link.kind === 'veth') ?? [];
  if (!veth || !node.networks.host.seen) throw new Error('a pod has a veth');
  node.networks.host.seen.links.push({ ...veth, name: 'docker1', index: 77, master: 99 });
  expect(share({ kind: 'links', subject: 'link', id: veth.name })).toMatchObject({ going: 1, of: 2 });
  expect(share({ kind: 'cgroups', subject: 'cgroup', id: '/kubepods/podx' })).toMatchObject({
    of: 1 + node.cgroups.length,
  });
  const [entry] = node.cniCache.entries;
  expect(share({ kind: 'ipam', subject: 'file', id: entry?.path ?? '' })).toMatchObject({
    what: 'entries of the CNI cache',
    of: node.cniCache.entries.filter((e) => e.network === entry?.network).length,
  });
});

test('addresses of other networks do not make a share look small', () => {
  const node = withReservations(8);
  const others = Array.from({ length: 50 }, (_, n) => {
    const folder = '/var/lib/cni/networks/other';
    return { ...reservation(n), folder, path: `${folder}/10.89.0.${n}` };
  });
  node.reservations.reservations.push(...others);
  expect(sharesOf(going(7), lookedAt(node))).toMatchObject([{ going: 7, of: 8 }]);
});

test('of a pile of dead sandboxes each one counts', () => {
  const remove = (sandbox: string) => ({ kind: 'remove-sandbox' as const, endpoint: '/s', sandbox });
  const pile = candidate({
    kind: 'sandboxes',
    subject: 'sandbox',
    id: id('1'),
    actions: [remove(id('2')), remove(id('3')), remove(id('4'))],
  });
  expect(sharesOf([pile], lookedAt(emptyNode()))).toMatchObject([{ going: 3, of: 3 }]);
});

test('pins of others are no part of it, and cures of what was not left behind have no share', () => {
  const node = emptyNode();
  const pin = { type: 'net' as const, ns: null, mounts: 1, confirmed: true };
  node.pins.pins.push({ ...pin, path: '/run/netns/vpn', scheme: 'foreign' });
  node.pins.pins.push({ ...pin, path: '/run/netns/cni-1', scheme: 'containerd' });
  const leaked = candidate({ kind: 'netns', subject: 'netns', id: '/run/netns/cni-1' });
  expect(sharesOf([leaked], lookedAt(node))).toMatchObject([{ going: 1, of: 1 }]);
  expect(sharesOf([candidate({ kind: null })], lookedAt(node))).toEqual([]);
});
