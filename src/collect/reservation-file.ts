import { type ReadHost, systemCode } from '../host/read-host.ts';
import type { Reservation } from '../model/facts.ts';
import { ipFamily } from '../model/ip.ts';

/** Where a file lies: a network's folder, and its name there. */
export interface Place {
  folder: string;
  network: string;
  name: string;
}

/** An id and an interface take less. */
const MAX_BYTES = 4096;
/** Ids of containers, as CNI wants them: what is no such thing is not taken for one, least of all a path. */
const ID = /^[a-zA-Z0-9][\w.-]*$/;

/** Reads one file of host-local's. Throws the system's error when it is gone, or may not be read. */
export function readReservation(host: ReadHost, place: Place): Reservation {
  const { type, mtime } = host.stat(`${place.folder}/${place.name}`);
  if (type !== 'file') return foreign(place, mtime);
  return { ...foreign(place, mtime), ...readContent(host, `${place.folder}/${place.name}`) };
}

/** What is told of a thing that is no file. */
export function foreign({ folder, network, name }: Place, mtime: number): Reservation {
  return {
    path: `${folder}/${name}`,
    folder,
    network,
    address: ipFamily(name) === 0 ? null : name,
    containerId: null,
    ifName: '',
    mtime,
    state: 'foreign',
    confirmed: false,
  };
}

function readContent(host: ReadHost, path: string): Pick<Reservation, 'state' | 'containerId' | 'ifName'> {
  const [id = '', ifName = '', ...more] = textOf(host, path).trim().split(/\r?\n/);
  if (id === '') return { state: 'empty', containerId: null, ifName: '' };
  const whole = ID.test(id) && more.length === 0;
  return whole
    ? { state: 'whole', containerId: id, ifName: ifName.trim() }
    : { state: 'malformed', containerId: null, ifName: '' };
}

/** A text that is no reservation for a file that is too long to be one. */
function textOf(host: ReadHost, path: string): string {
  try {
    return host.readFile(path, { max: MAX_BYTES });
  } catch (error) {
    if (systemCode(error) === 'EFBIG') return '\0';
    throw error;
  }
}
