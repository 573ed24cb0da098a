import { runPath } from '../../derive/process.ts';
import type { CniCacheEntry, Reservation } from '../../model/facts.ts';
import type { Guard } from '../../model/plan.ts';
import { type Draft, step } from '../draft.ts';
import type { RemedyRequest } from '../remedy.ts';
import { ownerless, type Scene } from './scene.ts';

/** Steps, and files of which nobody can say any more what is in them: they were changed since the look. */
export interface Drafted {
  drafts: Draft[];
  changed: string[];
}

/** Loopback last: what was attached first is released last. */
export function entriesOf(scene: Scene, isWanted: (entry: CniCacheEntry) => boolean): CniCacheEntry[] {
  return scene.entries
    .filter((entry) => entry.state !== 'foreign' && isWanted(entry))
    .sort((a, b) => Number(a.ifName === 'lo') - Number(b.ifName === 'lo'));
}

/**
 * DEL for each attachment of which there is enough left to send it. Where the namespace is gone (`netns` ''), one
 * that fails keeps nothing from being freed: the file stays, and it is tried again. Where it is there, it stops
 * the plan: the address is still answered for.
 */
export function releases(
  request: RemedyRequest,
  { binDirs }: Scene,
  entries: readonly CniCacheEntry[],
  netns: string,
  guards: Guard[],
): Drafted {
  return draftEach(request, entries.filter(canRelease), (entry, file) =>
    step(
      { kind: 'release-attachment', entry: entry.path, file, netns, binDirs },
      netns === ''
        ? `its address in ${entry.network} is given back as it was let`
        : `its address in ${entry.network} is given back while the namespace is there`,
      { guards, onFailure: netns === '' ? 'go-on' : 'stop' },
    ),
  );
}

/** True of what DEL can be sent for. */
export function canRelease({ state, hasConfig }: CniCacheEntry): boolean {
  return state === 'whole' && hasConfig;
}

/** Files of the cache for which DEL cannot be sent; it takes the others away itself. */
export function cacheRemovals(
  request: RemedyRequest,
  scene: Scene,
  entries: readonly CniCacheEntry[],
): Drafted {
  const untold = entries.filter((entry) => !canRelease(entry));
  return draftEach(request, untold, ({ path, containerId, netns }, file) =>
    step({ kind: 'remove-file', path, file, lock: '' }, 'its attachment is gone', {
      guards: ownerless(scene, containerId, netns),
    }),
  );
}

/** Reservations, under the lock that host-local takes. */
export function reservationRemovals(
  request: RemedyRequest,
  scene: Scene,
  reservations: readonly Reservation[],
  guards: (reservation: Reservation) => Guard[] = ({ containerId }) => ownerless(scene, containerId ?? ''),
): Drafted {
  return draftEach(request, reservations, (reservation, file) => {
    const { path, folder, address, network } = reservation;
    const because = `${address ?? path} of ${network} can be let again`;
    return step({ kind: 'remove-file', path, file, lock: `${folder}/lock` }, because, {
      guards: guards(reservation),
    });
  });
}

export function reservationsOf({ reservations }: Scene, ids: readonly string[]): Reservation[] {
  return reservations.filter(
    ({ state, containerId }) => state === 'whole' && containerId !== null && ids.includes(containerId),
  );
}

export function isAt(path: string): (entry: CniCacheEntry) => boolean {
  return ({ netns }) => netns !== '' && runPath(netns) === runPath(path);
}

function draftEach<T extends { path: string; mtime: number }>(
  { identify }: RemedyRequest,
  files: readonly T[],
  draft: (file: T, identity: NonNullable<ReturnType<RemedyRequest['identify']>>) => Draft,
): Drafted {
  const drafted: Drafted = { drafts: [], changed: [] };
  for (const file of files) {
    const identity = identify(file.path, file.mtime);
    if (identity) drafted.drafts.push(draft(file, identity));
    else drafted.changed.push(file.path);
  }
  return drafted;
}
