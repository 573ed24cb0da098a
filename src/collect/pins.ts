import type { ReadHost } from '../host/read-host.ts';
import type { Daemon, Pin, PinsFact } from '../model/facts.ts';
import { complete, failed, type Gathered, type Problem, partial } from '../model/outcome.ts';
import { readCniCache } from './cni-cache.ts';
import type { Collector } from './collector.ts';
import { knownValue } from './known-value.ts';
import { readMountView } from './mount-view.ts';
import { emptyFiles, isEmptyFile, pinFolders } from './pin-folders.ts';
import { mountedPins } from './pin-mounts.ts';
import { summarize } from './problems.ts';
import { realPath } from './real-path.ts';

export const pinsCollector: Collector<'pins'> = {
  fact: 'pins',
  summary: 'namespace pins: bind mounts as the runtime sees them, and the files of the pin folders',
  timeoutMs: 4000,
  needs: ['daemons'],
  collect({ host, known }) {
    return collectPins(host, knownValue(known('daemons')) ?? []);
  },
  confirm({ host, known }, fact) {
    return fact.pins.length === 0 ? fact : confirmPins(host, knownValue(known('daemons')) ?? [], fact);
  },
};

function collectPins(host: ReadHost, daemons: readonly Daemon[]): Gathered<PinsFact> {
  const problems: Problem[] = [];
  const view = readMountView(host, daemons, problems);
  if (view === null) return failed('unavailable', 'no mountinfo is readable, so no pin can be seen', '/proc');
  const mounted = mountedPins(view.mountinfo);
  const looked = pinFolders(host, daemons, problems);
  const bare = looked.folders.flatMap((folder) => emptyFiles(host, folder, mounted));
  const cache = readCniCache(host, problems);
  const value: PinsFact = {
    pins: [...mounted.values(), ...bare],
    folders: looked.folders.map(({ path, mtime }) => ({ path, mtime })),
    seenBy: view.seenBy,
    attachments: cache.attachments.map((a) => ({ ...a, netns: resolveName(host, a.netns) })),
  };
  const told = summarize(problems);
  return looked.whole && cache.whole ? complete(value, told) : partial(value, told);
}

/** mountinfo says /run/netns where CNI was told /var/run/netns; the pin itself is a file and no link. */
function resolveName(host: ReadHost, path: string): string {
  const slash = path.lastIndexOf('/');
  const folder = realPath(host, path.slice(0, slash));
  return `${folder === '/' ? '' : folder}${path.slice(slash)}`;
}

/** Marks the pins that are still there and hold the same namespace as when they were read. */
function confirmPins(host: ReadHost, daemons: readonly Daemon[], fact: PinsFact): PinsFact {
  const view = readMountView(host, daemons, []);
  if (view === null) return fact;
  const now = mountedPins(view.mountinfo);
  const same = (pin: Pin) =>
    pin.ns === null ? !now.has(pin.path) && isEmptyFile(host, pin.path) : now.get(pin.path)?.ns === pin.ns;
  return { ...fact, pins: fact.pins.map((pin) => ({ ...pin, confirmed: same(pin) })) };
}
