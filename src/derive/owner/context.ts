import type { FactName, Process } from '../../model/facts.ts';
import { holeOf } from '../../model/outcome.ts';
import type { OwnedKind, OwnerMeaning, OwnerStep } from '../../model/owner-report.ts';
import { factOf, type PodContainer, type PodView, type Seen } from '../pod-view.ts';

/** What owners are looked for in. */
export interface OwnerContext {
  seen: Seen;
  pods: readonly PodView[];
  processes: readonly Process[];
}

/** A thing, before it is known whose it is. */
export interface Thing {
  kind: OwnedKind;
  thing: string;
  how: OwnerStep[];
}

/** Facts without which nobody may be called ownerless. */
const OWNERS: FactName[] = ['sandboxes', 'containers', 'store', 'processes', 'bundles', 'ownSandboxes'];

export function ownerContext(seen: Seen, pods: readonly PodView[]): OwnerContext {
  return { seen, pods, processes: factOf(seen, 'processes') ?? [] };
}

/** It is a pod's: the sandbox itself, or a container of it. */
export function ofPod(
  { kind, thing, how }: Thing,
  statement: string,
  pod: PodView,
  container: PodContainer | null = null,
): OwnerMeaning {
  return {
    kind,
    thing,
    verdict: 'pod',
    statement,
    owner: { id: pod.id, title: pod.title, container: container?.name ?? '' },
    how: [...how, ...(container ? [containerStep(container, pod)] : []), sandboxStep(pod)],
    reasons: [],
  };
}

export function ofNode({ kind, thing, how }: Thing, statement: string): OwnerMeaning {
  return { kind, thing, verdict: 'node', statement, owner: null, how, reasons: [] };
}

/** Nobody's, if all owners were seen; else that cannot be told. `claims`: facts that the case hinges on beside them. */
export function ofNobody(
  { seen }: OwnerContext,
  { kind, thing, how }: Thing,
  statement: string,
  claims: readonly FactName[] = [],
): OwnerMeaning {
  const holes = [...OWNERS, ...claims].map((name) => holeOf(name, seen[name]));
  const reasons = [...new Set(holes.filter((why) => why !== ''))];
  const verdict = reasons.length > 0 ? 'unknown' : 'nobody';
  return { kind, thing, verdict, statement, owner: null, how, reasons };
}

function containerStep({ id, name, state }: PodContainer, pod: PodView): OwnerStep {
  const value = `${name}, ${state}, of sandbox ${pod.id}`;
  return { fact: state === 'unlisted' ? 'processes' : 'containers', at: `container ${id}`, value };
}

function sandboxStep({ id, title, state, listed, record }: PodView): OwnerStep {
  const fact = listed ? 'sandboxes' : record ? 'store' : 'bundles';
  return { fact, at: `sandbox ${id}`, value: `${title}, ${state}` };
}
