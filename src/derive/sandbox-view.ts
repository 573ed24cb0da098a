import type {
  Bundle,
  Container,
  EndpointsFact,
  Process,
  Sandbox,
  SandboxMeta,
  StoreFact,
} from '../model/facts.ts';
import { completeValue, type Outcome } from '../model/outcome.ts';
import { memo } from './memo.ts';
import { initProcesses, shimsOf } from './process.ts';

/** An app container of a sandbox with a live init process. */
export interface Member {
  id: string;
  /** Null when the runtime's list was not to be had. */
  listed: Container | null;
  init: Process;
}

/** One sandbox as all witnesses together show it. Null: that witness does not know it. */
export interface SandboxView {
  id: string;
  listed: Sandbox | null;
  record: StoreFact['records'][number] | null;
  bundle: Bundle | null;
  /** The live pause process. */
  pause: Process | null;
  shim: Process | null;
  meta: SandboxMeta | null;
  members: Member[];
}

/** A fact as a check received it: needed ones as values, wanted ones as outcomes. */
type Witness<T> = T | Outcome<T>;

/**
 * What views are made from; only what is complete counts as a witness. Of a list that lacks the runtime's,
 * podctl's own sandboxes do.
 */
export interface Witnesses {
  processes: Process[];
  /** Says which socket is ours: shims of another containerd on the node are not ours to judge. */
  endpoints: EndpointsFact;
  sandboxes?: Witness<Sandbox[]>;
  containers?: Witness<Container[]>;
  store?: Witness<StoreFact>;
  bundles?: Witness<Bundle[]>;
}

/** Joins the witnesses: every id that any of them calls a sandbox, in the order of the list, then the others. */
export function sandboxViews({ processes, endpoints, ...rest }: Witnesses): SandboxView[] {
  return join(
    processes,
    endpoints,
    valueOrNone(rest.sandboxes),
    valueOrNone(rest.containers),
    valueOrNone(rest.store),
    valueOrNone(rest.bundles),
    partOf(rest.sandboxes),
    partOf(rest.containers),
  );
}

/** True for one of podctl's own sandboxes: its cure is podctl's, and not the runtime's. */
export function isOwn({ listed, bundle }: SandboxView): boolean {
  return listed?.provider === OWN || bundle?.namespace === OWN;
}

const OWN = 'podctl';

const join = memo(joinWitnesses);

function joinWitnesses(
  processes: Process[],
  endpoints: EndpointsFact,
  sandboxes: Sandbox[] | undefined,
  containers: Container[] | undefined,
  store: StoreFact | undefined,
  bundles: Bundle[] | undefined,
  someSandboxes: Sandbox[] | undefined,
  someContainers: Container[] | undefined,
): SandboxView[] {
  const inits = initProcesses(processes, bundles);
  const shims = shimsOf(processes, endpoints.chosen?.path ?? '');
  const own = (sandboxes ?? someSandboxes ?? []).filter((s) => s.provider === OWN);
  const listed = new Map((sandboxes ?? own).map((s) => [s.id, s]));
  const records = new Map(store?.records.filter((r) => r.kind === 'sandbox').map((r) => [r.id, r]));
  const dirs = new Map(bundles?.filter(isCri).map((b) => [b.id, b]));
  const ofOwn = someContainers?.filter((c) => own.some((s) => s.id === c.sandboxId)) ?? [];
  const members = containers
    ? listedMembers(containers, inits)
    : new Map([...shimMembers(processes, inits, shims), ...listedMembers(ofOwn, inits)]);
  const ids = new Set([
    ...listed.keys(),
    ...records.keys(),
    ...[...dirs.values()].filter((b) => b.role === 'sandbox').map((b) => b.id),
    ...shims.keys(),
    ...members.keys(),
  ]);
  return [...ids].map((id) => {
    const bundle = dirs.get(id) ?? null;
    return {
      id,
      listed: listed.get(id) ?? null,
      record: records.get(id) ?? null,
      bundle,
      pause: inits.get(id) ?? null,
      shim: shims.get(id) ?? null,
      meta: listed.get(id) ?? bundle?.meta ?? null,
      members: members.get(id) ?? [],
    };
  });
}

function valueOrNone<T extends object>(witness: Witness<T> | undefined): T | undefined {
  if (witness === undefined) return undefined;
  return 'status' in witness && 'ms' in witness ? completeValue(witness) : (witness as T);
}

function partOf<T extends object>(witness: Witness<T[]> | undefined): T[] | undefined {
  return witness !== undefined && 'status' in witness && witness.status === 'partial'
    ? witness.value
    : undefined;
}

/** containerd keeps CRI's bundles in a namespace of their own; CRI-O has none; podctl's say so. */
function isCri(bundle: Bundle): boolean {
  return ['k8s.io', '', OWN].includes(bundle.namespace);
}

type Members = Map<string, Member[]>;

function add(members: Members, sandboxId: string, member: Member): void {
  members.set(sandboxId, [...(members.get(sandboxId) ?? []), member]);
}

function listedMembers(containers: Container[], inits: Map<string, Process>): Members {
  const members: Members = new Map();
  for (const listed of containers) {
    const init = listed.state === 'running' ? inits.get(listed.id) : undefined;
    if (init) add(members, listed.sandboxId, { id: listed.id, listed, init });
  }
  return members;
}

/** Without a list: by the shim that a container's init is a child of. */
function shimMembers(
  processes: Process[],
  inits: Map<string, Process>,
  shims: Map<string, Process>,
): Members {
  const members: Members = new Map();
  const sandboxOfShim = new Map([...shims].map(([id, shim]) => [shim.pid, id]));
  for (const process of processes) {
    const id = process.containerId;
    const sandboxId = sandboxOfShim.get(process.ppid);
    if (id !== null && sandboxId !== undefined && id !== sandboxId && inits.get(id) === process) {
      add(members, sandboxId, { id, listed: null, init: process });
    }
  }
  return members;
}

/** `namespace/pod`, with the attempt when it is not the first; the short id where nobody knows the name. */
export function sandboxName(id: string, meta: SandboxMeta | null): string {
  if (meta === null) return id.slice(0, 13);
  return `${meta.namespace}/${meta.name}${meta.attempt > 0 ? ` (attempt ${meta.attempt})` : ''}`;
}
