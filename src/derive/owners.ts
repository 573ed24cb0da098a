import type {
  Bundle,
  Container,
  EndpointsFact,
  OwnSandbox,
  PinsFact,
  Process,
  RuntimeFact,
  Sandbox,
  StoreFact,
} from '../model/facts.ts';
import { completeValue, type Outcome, type Problem, problem } from '../model/outcome.ts';
import { pinsByPath } from './pins.ts';
import { inhabitedNetns, isAlive, runPath, shimsOf } from './process.ts';

/** What it takes to know who owns an id. */
export interface OwnerWitnesses {
  sandboxes: Sandbox[];
  processes: Process[];
  pins: PinsFact;
  endpoints: EndpointsFact;
  runtime: Outcome<RuntimeFact>;
  containers: Outcome<Container[]>;
  store: Outcome<StoreFact>;
  bundles: Outcome<Bundle[]>;
  ownSandboxes: Outcome<OwnSandbox[]>;
}

/** Who owns the ids of sandboxes and containers on this node. */
export interface Owners {
  /** Name of the runtime that answered; '' where there is none. */
  runtime: string;
  /** Ids that this runtime lists, records or runs. */
  ofRuntime: ReadonlySet<string>;
  /** Ids of podctl's own sandboxes. */
  ofPodctl: ReadonlySet<string>;
  /** Ids that live or have a bundle without being known to either: another runtime's, as far as can be seen. */
  ofOthers: ReadonlySet<string>;
  /** Ids that a CNI plugin works for right now, or whose pinned network namespace has a process in it. */
  inUse: ReadonlySet<string>;
}

/**
 * Everybody who can own an id, as one. A problem instead where a witness cannot be heard: then nothing may be
 * called ownerless.
 */
export function ownersOf(witnesses: OwnerWitnesses): Owners | Problem {
  const { runtime, ownSandboxes } = witnesses;
  const name = completeValue(runtime)?.name ?? '';
  const own = completeValue(ownSandboxes);
  if (own === undefined && ownSandboxes.status === 'failed')
    return blind("podctl's own sandboxes cannot be read");
  if (name === '' && runtime.status !== 'absent') return blind('the runtime does not answer');
  const ofPodctl = podctlIds(witnesses, own ?? []);
  const ofRuntime = name === '' ? new Set<string>() : runtimeIds(witnesses, name);
  if (!(ofRuntime instanceof Set)) return ofRuntime;
  const ofOthers = otherIds(witnesses, ofRuntime, ofPodctl);
  return { runtime: name, ofRuntime, ofPodctl, ofOthers, inUse: idsInUse(witnesses) };
}

export function isOwned({ ofRuntime, ofPodctl, ofOthers, inUse }: Owners, id: string): boolean {
  return ofRuntime.has(id) || ofPodctl.has(id) || ofOthers.has(id) || inUse.has(id);
}

export function isProblem(found: object): found is Problem {
  return 'code' in found;
}

/** Those of another state folder than the one that was read show by their pins, which hold the id. */
function podctlIds({ sandboxes, pins }: OwnerWitnesses, own: OwnSandbox[]): Set<string> {
  const left = new Set(own.filter((s) => s.phase === 'unrecorded' && !s.busy).map((s) => s.id));
  const pinned = pins.pins.filter((p) => p.scheme === 'podctl').map((p) => p.path.split('/').at(-2) ?? '');
  const listed = sandboxes.filter((s) => s.provider === 'podctl').map((s) => s.id);
  return new Set([...own.map((s) => s.id), ...listed, ...pinned].filter((id) => !left.has(id)));
}

function runtimeIds(witnesses: OwnerWitnesses, name: string): Set<string> | Problem {
  const { sandboxes, processes, endpoints } = witnesses;
  const containers = completeValue(witnesses.containers);
  const bundles = completeValue(witnesses.bundles);
  const store = completeValue(witnesses.store);
  if (containers === undefined) return blind("the runtime's containers cannot be listed");
  if (bundles === undefined) return blind("the runtime's folders cannot be read");
  if (name === 'containerd' && store === undefined) return blind("containerd's own store cannot be read");
  return new Set([
    ...sandboxes.filter((s) => s.provider !== 'podctl').map((s) => s.id),
    ...containers.map((c) => c.sandboxId),
    ...(store?.records ?? []).map((r) => r.id),
    ...(store?.sandboxes ?? []),
    ...bundles.filter(isOfCri).flatMap((b) => [b.id, ...(b.sandboxId === null ? [] : [b.sandboxId])]),
    ...shimsOf(processes, endpoints.chosen?.path ?? '').keys(),
  ]);
}

function otherIds(
  { processes, bundles }: OwnerWitnesses,
  ofRuntime: ReadonlySet<string>,
  ofPodctl: ReadonlySet<string>,
): Set<string> {
  const named = processes.filter(isAlive).flatMap((p) => [p.containerId ?? [], p.shim?.id ?? []].flat());
  const foreign = (completeValue(bundles) ?? []).filter((b) => !isOfCri(b) && b.namespace !== 'podctl');
  const ids = [...named, ...foreign.map((b) => b.id)];
  return new Set(ids.filter((id) => !ofRuntime.has(id) && !ofPodctl.has(id)));
}

function idsInUse({ processes, pins }: OwnerWitnesses): Set<string> {
  const paths = pinsByPath(pins.pins);
  const inhabited = inhabitedNetns(processes);
  const isInhabited = (path: string) => {
    const ns = paths.get(runPath(path))?.ns ?? null;
    return ns !== null && inhabited.has(ns);
  };
  return new Set([
    ...processes.flatMap(({ cni }) => (cni ? [cni.containerId] : [])),
    ...pins.attachments.filter((a) => isInhabited(a.netns)).map((a) => a.containerId),
  ]);
}

/** containerd keeps CRI's bundles in a namespace of their own; CRI-O has none. */
function isOfCri({ namespace }: Bundle): boolean {
  return namespace === 'k8s.io' || namespace === '';
}

function blind(why: string): Problem {
  return problem('unavailable', `${why}: an owner may be missing from sight`);
}
