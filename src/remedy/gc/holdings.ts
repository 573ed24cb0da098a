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

const MAX_COUNTED = 2 ** 24;

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
  const sizes = ranges.map(sizeOf);
  return sizes.length > 0 && sizes.every((size) => size !== null)
    ? sizes.reduce((sum: number, size) => sum + (size ?? 0), 0)
    : null;
}

/** Without the network's own address and the broadcast address, unless first and last are named. */
function sizeOf({ subnet, start, end }: { subnet: string; start: string; end: string }): number | null {
  const [base = '', prefix = ''] = subnet.split('/');
  const network = numberOf(base);
  const bits = Number(prefix);
  if (network === null || !/^\d+$/.test(prefix) || bits > 32) return null;
  const size = 2 ** (32 - bits);
  const lowest = network - (network % size);
  const first = numberOf(start) ?? lowest + 1;
  const last = numberOf(end) ?? lowest + size - 2;
  return last >= first && last - first < MAX_COUNTED ? last - first + 1 : null;
}

function numberOf(address: string): number | null {
  const parts = address.split('.');
  const bytes = parts.map(Number);
  if (parts.length !== 4 || bytes.some((b) => !Number.isInteger(b) || b < 0 || b > 255)) return null;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}
