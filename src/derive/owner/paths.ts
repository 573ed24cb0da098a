import type { NsType } from '../../model/namespace.ts';
import type { OwnerMeaning, OwnerStep } from '../../model/owner-report.ts';
import { factOf } from '../pod-view.ts';
import { runPath } from '../process.ts';
import { byContainerId, byUid } from './by-id.ts';
import { type OwnerContext, ofNobody, type Thing } from './context.ts';
import { byNamespace, byPin, pinStep } from './namespaces.ts';
import { byProcess } from './processes.ts';

const NAMESPACE_FILE = /^\/proc\/(\d+)\/ns\/(cgroup|ipc|mnt|net|pid|time|user|uts)$/;
const OF_PROCESS = /^\/proc\/(\d+)(?:\/|$)/;
const FULL_ID = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
const UID =
  /(?:^|[/_-])(?:pod)?([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?=\.slice|[/_]|$)/;

/** What a path is: a pin, a reservation, a cache entry, a cgroup, a bundle, or names an id or a uid. */
export function pathMeanings(context: OwnerContext, text: string): OwnerMeaning[] {
  if (!text.startsWith('/')) return [];
  const path = runPath(text.length > 1 ? text.replace(/\/+$/, '') : text);
  return (
    ofProcess(context, path) ??
    ofPin(context, path) ??
    ofReservation(context, path) ??
    ofCacheEntry(context, path) ??
    ofCgroup(context, path) ??
    ofName(context, path)
  );
}

function ofProcess(context: OwnerContext, path: string): OwnerMeaning[] | null {
  const pid = Number(OF_PROCESS.exec(path)?.[1] ?? 0);
  const process = context.processes.find((p) => p.pid === pid);
  if (!process) return null;
  const type = NAMESPACE_FILE.exec(path)?.[2] as NsType | undefined;
  const id = type ? process.ns[type] : null;
  if (!type || !id) return [byProcess(context, process)];
  return [byNamespace(context, { kind: 'namespace', thing: path, how: [] }, type, id)];
}

function ofPin(context: OwnerContext, path: string): OwnerMeaning[] | null {
  const pin = factOf(context.seen, 'pins')?.pins.find((p) => runPath(p.path) === path);
  return pin ? [byPin(context, { kind: 'pin', thing: `pin ${pin.path}`, how: [pinStep(pin)] }, pin)] : null;
}

function ofReservation(context: OwnerContext, path: string): OwnerMeaning[] | null {
  const found = factOf(context.seen, 'reservations')?.reservations.find((r) => r.path === path);
  if (!found) return null;
  const { address, containerId, state, network } = found;
  const how: OwnerStep[] = [{ fact: 'reservations', at: path, value: containerId ?? state }];
  const thing: Thing = { kind: 'reservation', thing: `reservation ${address ?? path} of ${network}`, how };
  if (containerId === null) return [ofNobody(context, thing, `names no container: it is ${state}`)];
  return [byContainerId(context, thing, containerId, 'is held for')];
}

function ofCacheEntry(context: OwnerContext, path: string): OwnerMeaning[] | null {
  const entry = factOf(context.seen, 'cniCache')?.entries.find((e) => e.path === path);
  if (!entry) return null;
  const { containerId, ifName, network, state } = entry;
  const value = containerId === '' ? state : `${ifName} of ${containerId}`;
  const thing: Thing = {
    kind: 'cache entry',
    thing: `cache entry ${network === '' ? path : `of network ${network}`}`,
    how: [{ fact: 'cniCache', at: path, value }],
  };
  if (containerId === '') return [ofNobody(context, thing, `names no container: it is ${state}`)];
  return [byContainerId(context, thing, containerId, 'is of the attachment of')];
}

/** With or without the mount point of its hierarchy. */
function ofCgroup(context: OwnerContext, path: string): OwnerMeaning[] | null {
  const bare = path.replace(/^\/sys\/fs\/cgroup(?:\/(?:unified|systemd|pids|memory|cpu[a-z,]*))?(?=\/)/, '');
  const known = factOf(context.seen, 'cgroups')?.find((c) => c.path === bare);
  const inside = context.processes.find((p) => p.cgroup === bare);
  if (!known && !inside) return null;
  const thing: Thing = { kind: 'cgroup', thing: `cgroup ${bare}`, how: [] };
  if (inside?.containerId) {
    const how: OwnerStep[] = [{ fact: 'processes', at: `/proc/${inside.pid}/cgroup`, value: bare }];
    return [byContainerId(context, { ...thing, how }, inside.containerId, 'is of')];
  }
  if (!known) return inside ? [byProcess(context, inside)] : null;
  const populated =
    known.populated === null ? 'not known whether empty' : known.populated ? 'populated' : 'empty';
  const how: OwnerStep[] = [{ fact: 'cgroups', at: known.path, value: `uid ${known.uid}, ${populated}` }];
  return byUid(context, { ...thing, how }, known.uid, 'is of');
}

/** Bundles, folders of kubelet and of logs: paths that say whose they are. */
function ofName(context: OwnerContext, path: string): OwnerMeaning[] {
  const thing: Thing = { kind: 'path', thing: path, how: [] };
  const ids = path.match(FULL_ID) ?? [];
  const id = ids.at(-1);
  if (id !== undefined) {
    const bundle = factOf(context.seen, 'bundles')?.find((b) => b.id === id && path.startsWith(b.dir));
    const how: OwnerStep[] = bundle
      ? [{ fact: 'bundles', at: bundle.dir, value: bundle.role ?? 'bundle' }]
      : [];
    return [byContainerId(context, { ...thing, how }, id, bundle ? 'is in the bundle of' : 'names')];
  }
  const uid = UID.exec(path)?.[1]?.replaceAll('_', '-');
  return uid === undefined ? [] : byUid(context, thing, uid, 'names');
}
