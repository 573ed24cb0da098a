import type { Facts, Reservation } from '../../../src/model/facts.ts';
import { healthyNode, id, NOW } from '../../support/node.ts';

export const DEAD = id('dead');
export const HOUR = 3_600_000;

/** Adds a reservation for an id that nobody owns. */
export function reserve(node: Facts, change: Partial<Reservation> = {}): Reservation {
  const [folder] = node.reservations.folders;
  const reservation: Reservation = {
    path: `${folder?.path}/10.88.0.77`,
    folder: folder?.path ?? '',
    network: folder?.network ?? '',
    address: '10.88.0.77',
    containerId: DEAD,
    ifName: 'eth0',
    mtime: NOW - HOUR,
    state: 'whole',
    confirmed: true,
    ...change,
  };
  node.reservations.reservations.push(reservation);
  return reservation;
}

/** A node with pods and one leaked reservation. */
export function leaky(change: Partial<Reservation> = {}): Facts {
  const node = healthyNode();
  reserve(node, change);
  return node;
}

/** As if it lay in the folder of another network. */
export function inNetwork(network: string): Partial<Reservation> {
  const folder = `/var/lib/cni/networks/${network}`;
  return { network, folder, path: `${folder}/10.88.0.77` };
}

/** The one that was left. */
export function last(node: Facts): Reservation {
  return must(node.reservations.reservations.find((r) => r.address === '10.88.0.77'));
}

export function must<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error('the fixture lacks it');
  return value;
}
