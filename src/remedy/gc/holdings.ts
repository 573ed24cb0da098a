import { poolsOf } from '../../derive/address-pool.ts';
import type { CniCacheEntry, Reservation } from '../../model/facts.ts';
import type { Action, Plan } from '../../model/plan.ts';
import { type Candidate, type Looked, planOf, seen } from './candidates.ts';

/** What goes away with an object, beside itself. */
export interface Holdings {
  /** Reserved, without prefix length. */
  addresses: string[];
  mounts: number;
  processes: number[];
}

/** A supply that runs out: the addresses of one network. */
export interface Limit {
  network: string;
  used: number;
  /** Null: the network's configuration is not known. */
  of: number | null;
  /** Of `used`, those that would go. */
  leaked: number;
}

const MAX_COUNTED = 1n << 24n;

/** What a plan gives back, told from its actions and the facts of the same look. */
export function holdingsOf(plan: Plan, look: Looked): Holdings {
  const pins = seen(look, 'pins')?.pins ?? [];
  return {
    addresses: reservationsOf([plan], look).flatMap((r) => (r.address === null ? [] : [r.address])),
    mounts: plan.steps
      .flatMap(({ action }) => (action.kind === 'unpin' && action.ns !== null ? [action.path] : []))
      .reduce((sum, path) => sum + (pins.find((pin) => pin.path === path)?.mounts ?? 1), 0),
    processes: [
      ...new Set(plan.steps.flatMap(({ action }) => (action.kind === 'signal' ? [action.process.pid] : []))),
    ],
  };
}

/** Networks of which addresses would be given back. */
export function limitsOf(going: readonly Candidate[], look: Looked): Limit[] {
  const freed = reservationsOf(
    going.flatMap((candidate) => planOf(candidate) ?? []),
    look,
  );
  const all = seen(look, 'reservations')?.reservations ?? [];
  return [...new Set(freed.map((r) => r.folder))].map((folder) => ({
    network: freed.find((r) => r.folder === folder)?.network ?? folder,
    used: all.filter((r) => r.folder === folder && r.address !== null).length,
    of: capacityOf(folder, look),
    leaked: freed.filter((r) => r.folder === folder && r.address !== null).length,
  }));
}

/** Reservations that plans give back: by the file, or by DEL for the attachment that holds it. */
function reservationsOf(plans: readonly Plan[], look: Looked): Reservation[] {
  const actions = plans.flatMap((plan) => plan.steps.map((step) => step.action));
  const entries = seen(look, 'cniCache')?.entries ?? [];
  const files = new Set(actions.flatMap((a) => (a.kind === 'remove-file' ? [a.path] : [])));
  const attachments = actions.flatMap((action) => attachmentOf(action, entries));
  return (seen(look, 'reservations')?.reservations ?? []).filter(
    (r) =>
      files.has(r.path) ||
      attachments.some((a) => a.containerId === r.containerId && a.network === r.network),
  );
}

function attachmentOf(action: Action, entries: readonly CniCacheEntry[]): CniCacheEntry[] {
  return action.kind === 'release-attachment' ? entries.filter((e) => e.path === action.entry) : [];
}

/** Addresses that host-local can give out for this folder; null where no configuration tells. */
function capacityOf(folder: string, look: Looked): number | null {
  const plugins = (seen(look, 'cniConf')?.files ?? []).flatMap((file) => file.plugins);
  const ranges = plugins.find((plugin) => plugin.ipam?.folder === folder)?.ipam?.ranges ?? [];
  const pools = poolsOf(ranges, []);
  const size = pools.reduce((sum, pool) => sum + pool.size, 0n);
  // Of IPv6 nobody counts what there is.
  return pools.every(({ bits }) => bits === 32) && size > 0n && size < MAX_COUNTED ? Number(size) : null;
}
