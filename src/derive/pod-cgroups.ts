import type { Bundle, PodOwnersFact, Process, RuntimeFact, Sandbox, StoreFact } from '../model/facts.ts';
import { completeValue, type Outcome } from '../model/outcome.ts';
import { isAlive } from './process.ts';

/** What it takes to know which pods there are. */
export interface PodWitnesses {
  sandboxes: Sandbox[];
  processes: Process[];
  podOwners: PodOwnersFact;
  store: Outcome<StoreFact>;
  bundles: Outcome<Bundle[]>;
}

/** Every pod that anybody knows by its uid, and ids of sandboxes and containers. */
export function knownPods({ sandboxes, processes, podOwners, store, bundles }: PodWitnesses): {
  uids: ReadonlySet<string | null | undefined>;
  ids: ReadonlySet<string>;
} {
  const alive = processes.filter(isAlive);
  const records = completeValue(store)?.records ?? [];
  const dirs = completeValue(bundles) ?? [];
  const uids = new Set([
    ...sandboxes.map((s) => s.uid),
    ...alive.map((p) => p.podUid),
    ...records.map((r) => r.name?.split('_').at(-2)),
    ...dirs.map((b) => b.meta?.uid),
    ...(podOwners.folders ?? []).map((f) => f.uid),
    ...(podOwners.pods ?? []).flatMap((p) => [p.uid, p.staticUid]),
  ]);
  const ids = new Set([...sandboxes, ...records, ...dirs].map((one) => one.id));
  return { uids, ids };
}

/** Where a pod's cgroup is, up to the folder of all pods. */
export function podRoot(path: string): string {
  return /^.*?\/[^/]*kubepods[^/]*(?=\/|$)/.exec(path)?.[0] ?? path.slice(0, path.lastIndexOf('/pod'));
}

/** The folders of pods in which processes of listed sandboxes are. */
export function listedRoots(sandboxes: readonly Sandbox[], processes: readonly Process[]): Set<string> {
  const listed = new Set(sandboxes.map((s) => s.id));
  const members = processes.filter((p) => p.containerId !== null && listed.has(p.containerId));
  return new Set(members.map((p) => podRoot(p.cgroup)));
}

/** Why the owner of a pod's cgroup may be out of sight; null where everybody was heard. */
export function obstacleToPods({
  podOwners,
  runtime,
  store,
  bundles,
}: PodWitnesses & { runtime: Outcome<RuntimeFact> }): string | null {
  if (podOwners.kubelet !== 'none' && podOwners.folders === null)
    return "kubelet's pod folders cannot be seen: a pod may be missing from sight";
  const isContainerd = completeValue(runtime)?.name === 'containerd';
  if (isContainerd && completeValue(store) === undefined)
    return "containerd's own store cannot be read: a pod may be missing from sight";
  if (completeValue(runtime) && completeValue(bundles) === undefined)
    return "the runtime's folders cannot be read: a pod may be missing from sight";
  return null;
}
