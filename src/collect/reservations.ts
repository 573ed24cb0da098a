import { DEFAULT_NETWORK, OWN_NETWORK_DIR } from '../cni/default-network.ts';
import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Reservation, ReservationsFact } from '../model/facts.ts';
import { complete, type Gathered, type Problem, partial, problem } from '../model/outcome.ts';
import type { CollectContext, Collector } from './collector.ts';
import { inBatches } from './in-batches.ts';
import { HOST_LOCAL } from './ipam-folder.ts';
import { knownValue } from './known-value.ts';
import { listedIds } from './listed-ids.ts';
import { obstacleTo } from './obstacle.ts';
import { summarize } from './problems.ts';
import { realPathOr } from './real-path.ts';
import { foreign, type Place, readReservation } from './reservation-file.ts';

const MAX_FILES = 20_000;
/** host-local's own. */
const NO_RESERVATION = /^(lock|last_reserved_ip\.\d+)$/;

/** Addresses that host-local holds, and for whom. */
export const reservationsCollector: Collector<'reservations'> = {
  fact: 'reservations',
  summary: "host-local's reservations of addresses, in every data folder that a configuration names",
  timeoutMs: 5000,
  needs: ['cniCache', 'cniConf'],
  collect(context) {
    return collectReservations(context);
  },
  confirm({ host, known }, fact) {
    // What somebody lists is nobody's orphan, and needs no second look.
    const listed = listedIds(known);
    const same = (one: Reservation) => listed.has(one.containerId ?? '') || isUnchanged(host, one);
    return { ...fact, reservations: fact.reservations.map((one) => ({ ...one, confirmed: same(one) })) };
  },
};

async function collectReservations({
  host,
  known,
  signal,
}: CollectContext): Promise<Gathered<ReservationsFact>> {
  const problems = unreadSources(known);
  const usual = usualFolders(host, problems);
  const named = [
    ...(knownValue(known('cniConf'))?.files ?? []).flatMap(({ name, plugins }) =>
      plugins.flatMap(({ ipam }) =>
        ipam && ipam.folder !== '' ? [{ path: ipam.folder, network: name }] : [],
      ),
    ),
    ...(knownValue(known('cniCache'))?.ipamFolders ?? []),
    { path: `${OWN_NETWORK_DIR}/ipam/${DEFAULT_NETWORK}`, network: DEFAULT_NETWORK },
  ];
  // One folder under two names would show each address as let twice.
  const places = new Map(
    [...named, ...usual.folders].map((folder) => [realPathOr(host, folder.path), folder]),
  );
  const blocked = [...places.values()].flatMap(({ path, network }) => {
    const found = obstacleTo(host, path);
    return found ? [{ folder: path, network, ...found }] : [];
  });
  const foreignHere = usual.foreign.filter((one) => !blocked.some(({ path }) => path === one.path));
  const value: ReservationsFact = { reservations: foreignHere, folders: [], blocked };
  for (const { path, network } of places.values()) {
    const names = blocked.some(({ folder }) => folder === path) ? null : namesIn(host, path, problems);
    if (names === null) continue;
    value.folders.push({ path, network });
    const room = Math.max(0, MAX_FILES - value.reservations.length);
    if (names.length > room) {
      problems.push(
        problem('truncated', `${path} holds ${names.length} files; ${room} of them were read`, path),
      );
    }
    await inBatches(names.slice(0, room), signal, (name) => {
      const one = readNamed(host, { folder: path, network, name }, problems);
      if (one) value.reservations.push(one);
    });
  }
  return problems.length === 0 ? complete(value) : partial(value, summarize(problems));
}

/** Configurations that were not seen may name other folders. */
function unreadSources(known: CollectContext['known']): Problem[] {
  const unread = (['cniConf', 'cniCache'] as const).filter((name) => known(name)?.status !== 'complete');
  return unread.map((name) =>
    problem('unavailable', `reservations may lie elsewhere: ${name} was not read whole`),
  );
}

/** Networks below the usual folder. What is neither a folder nor a file there is told, and not followed. */
function usualFolders(
  host: ReadHost,
  problems: Problem[],
): { folders: ReservationsFact['folders']; foreign: Reservation[] } {
  const found: ReturnType<typeof usualFolders> = { folders: [], foreign: [] };
  const names = obstacleTo(host, HOST_LOCAL) ? null : namesIn(host, HOST_LOCAL, problems);
  for (const name of names ?? []) {
    const path = `${HOST_LOCAL}/${name}`;
    try {
      const { type, mtime } = host.stat(path);
      if (type === 'directory') found.folders.push({ path, network: name });
      else if (type !== 'file') found.foreign.push(foreign({ folder: HOST_LOCAL, network: '', name }, mtime));
    } catch (error) {
      if (!isMissing(error)) problems.push(problemOf(error, path));
    }
  }
  return found;
}

/** Null where there is no such folder, or a link to one, or it cannot be listed. */
function namesIn(host: ReadHost, folder: string, problems: Problem[]): string[] | null {
  try {
    if (host.stat(folder).type === 'directory') {
      return host.list(folder).filter((name) => !NO_RESERVATION.test(name));
    }
    problems.push(problem('malformed', `${folder} is no folder, and is not followed`, folder));
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, folder));
  }
  return null;
}

/** Null when it is gone, or may not be read: then a problem says so. */
function readNamed(host: ReadHost, place: Place, problems: Problem[]): Reservation | null {
  try {
    return readReservation(host, place);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, `${place.folder}/${place.name}`));
    return null;
  }
}

function isUnchanged(host: ReadHost, one: Reservation): boolean {
  try {
    const name = one.path.slice(one.folder.length + 1);
    const now = readReservation(host, { folder: one.folder, network: one.network, name });
    const { state, containerId, ifName, mtime } = one;
    return (
      now.state === state && now.containerId === containerId && now.ifName === ifName && now.mtime === mtime
    );
  } catch {
    return false;
  }
}
