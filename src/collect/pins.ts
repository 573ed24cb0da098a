import type { ReadHost } from '../host/read-host.ts';
import type { CniCacheFact, Daemon, Pin, PinsFact, Process } from '../model/facts.ts';
import type { NsId } from '../model/namespace.ts';
import {
  complete,
  failed,
  type Gathered,
  type Outcome,
  type Problem,
  partial,
  problem,
} from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { knownValue } from './known-value.ts';
import { mountinfoOf, readMountView } from './mount-view.ts';
import { ownPins } from './own-pins.ts';
import { OWN_STATE } from './own-sandboxes.ts';
import { emptyFiles, isEmptyFile, pinFolders } from './pin-folders.ts';
import { coversOf, markHidden, mountedPins } from './pin-mounts.ts';
import { summarize } from './problems.ts';

const LOOPBACK = '/cni-loopback-';

export const pinsCollector: Collector<'pins'> = {
  fact: 'pins',
  summary: 'namespace pins: bind mounts as the runtime sees them, and the files of the pin folders',
  timeoutMs: 4000,
  needs: ['daemons', 'endpoints', 'cniCache'],
  collect({ host, known, look }) {
    const state = look.env.PODCTL_STATE_DIR || OWN_STATE;
    const endpoint = knownValue(known('endpoints'))?.chosen?.path ?? null;
    return collectPins({ host, endpoint, state }, knownValue(known('daemons')) ?? [], known('cniCache'));
  },
  confirm({ host, known }, fact) {
    if (areInhabited(fact.pins, knownValue(known('processes')) ?? [])) {
      return { ...fact, pins: fact.pins.map((pin) => ({ ...pin, confirmed: true })) };
    }
    return confirmPins(host, fact);
  },
};

function collectPins(
  { host, endpoint, state }: { host: ReadHost; endpoint: string | null; state: string },
  daemons: readonly Daemon[],
  cache: Outcome<CniCacheFact> | undefined,
): Gathered<PinsFact> {
  const problems: Problem[] = [];
  const view = readMountView(host, daemons, endpoint, problems);
  if (view === null) return failed('unavailable', 'no mountinfo is readable, so no pin can be seen', '/proc');
  const mounted = mountedPins(view.mountinfo);
  const looked = pinFolders(host, daemons, problems);
  const covers = coversOf(
    view.mountinfo,
    looked.folders.map((folder) => folder.path),
  );
  markHidden(view.mountinfo, mounted, covers);
  const bare = looked.folders.flatMap((folder) => emptyFiles(host, folder, mounted));
  const own = ownPins(host, state, mounted, problems);
  const cached = knownValue(cache);
  const whole = looked.whole && cache?.status === 'complete';
  if (cache?.status !== 'complete')
    problems.push(problem('unavailable', 'the CNI cache, which tells the age of pins, was not read whole'));
  const value: PinsFact = {
    pins: [...mounted.values(), ...bare, ...own.bare],
    folders: [...looked.folders.map(({ path, mtime }) => ({ path, mtime })), ...own.folders],
    covers,
    seenBy: view.seenBy,
    attachments: cached ? attachmentsIn(cached) : [],
  };
  const told = summarize(problems);
  return whole ? complete(value, told) : partial(value, told);
}

/** The loopback of a pod tells nothing that its real attachment does not. */
function attachmentsIn({ entries }: CniCacheFact): PinsFact['attachments'] {
  return entries
    .filter(({ state, netns, path }) => state === 'whole' && netns !== '' && !path.includes(LOOPBACK))
    .map(({ path, containerId, network, netns, mtime }) => ({ path, containerId, network, netns, mtime }));
}

/** True when each pin's namespace has a process in it: then nobody can take it for left over. */
function areInhabited(pins: readonly Pin[], processes: readonly Process[]): boolean {
  const held = new Set<NsId | null>(pins.map((pin) => pin.ns));
  if (held.has(null)) return false;
  const types = [...new Set(pins.map((pin) => pin.type))];
  for (const { ns } of processes) {
    for (const type of types) held.delete(ns[type]);
    if (held.size === 0) return true;
  }
  return held.size === 0;
}

/** Marks the pins that are still there and hold the same namespace as when they were read. */
function confirmPins(host: ReadHost, fact: PinsFact): PinsFact {
  const mountinfo = mountinfoOf(host, fact.seenBy, []);
  if (mountinfo === null) return fact;
  const now = mountedPins(mountinfo);
  const same = (pin: Pin) =>
    pin.ns === null ? !now.has(pin.path) && isEmptyFile(host, pin.path) : now.get(pin.path)?.ns === pin.ns;
  return { ...fact, pins: fact.pins.map((pin) => ({ ...pin, confirmed: same(pin) })) };
}
