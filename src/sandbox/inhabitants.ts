import type { NsId } from '../model/namespace.ts';
import type { PinType } from '../model/plan.ts';
import type { SandboxRecord } from '../model/sandbox.ts';
import type { PinState } from './pins.ts';
import { PIN_TYPES, type Seen } from './scan.ts';

type Namespaces = Record<PinType, NsId | null>;

/**
 * Who lives in a sandbox, and which of its namespaces are proven to be its own.
 * A recorded number proves nothing: the kernel gives it to the next namespace at once. A pin at our own path
 * does, and so does a process that is known to be the sandbox's and is where the record says.
 */
export function inhabitantsOf(
  record: SandboxRecord,
  pins: Record<PinType, PinState>,
  known: readonly Seen[],
  processes: readonly Seen[],
  foreign: ReadonlySet<NsId>,
): { namespaces: Namespaces; inhabitants: Seen[] } {
  const namespaces: Namespaces = { net: null, ipc: null, uts: null };
  for (const type of PIN_TYPES) {
    const { ns } = pins[type];
    const recorded = record[type].ns;
    if (ns !== null && (recorded === null || recorded === ns) && !foreign.has(ns)) namespaces[type] = ns;
  }
  let inhabitants: Seen[] = [...known];
  // Each type that is proven may name processes that prove another one.
  for (const _ of PIN_TYPES) {
    for (const type of PIN_TYPES) namespaces[type] ??= provenBy(inhabitants, record, type, foreign);
    // Who joins a sandbox joins all of it: one type tells, and reading all three of every process takes time.
    const telling = PIN_TYPES.find((type) => namespaces[type] !== null);
    const inside = telling ? processes.filter((p) => p.ns[telling] === namespaces[telling]) : [];
    inhabitants = [...new Set([...known, ...inside])];
  }
  return { namespaces, inhabitants: withDescendants(inhabitants, processes) };
}

/** Before the record was complete only a pause can tell what was made. */
function provenBy(
  inhabitants: readonly Seen[],
  record: SandboxRecord,
  type: PinType,
  foreign: ReadonlySet<NsId>,
): NsId | null {
  const recorded = record[type].ns;
  const witness = inhabitants.find(({ ns, comm }) => {
    const own = ns[type];
    return own !== null && !foreign.has(own) && (recorded === null ? comm === 'pause' : own === recorded);
  });
  return witness?.ns[type] ?? null;
}

/** A container's children may have made namespaces of their own. */
function withDescendants(ancestors: readonly Seen[], processes: readonly Seen[]): Seen[] {
  const found = new Map(ancestors.map((p) => [p.pid, p]));
  for (let grown = true; grown; ) {
    const more = processes.filter((p) => !found.has(p.pid) && found.has(p.ppid));
    for (const p of more) found.set(p.pid, p);
    grown = more.length > 0;
  }
  return [...found.values()];
}
