import type { Plan, Step } from '../../model/plan.ts';
import { planShape, riskShape } from '../../model/plan-shape.ts';
import { flag, list, nullable, oneOf, record, text, whole } from '../../model/shape.ts';
import { GC_KINDS, type GcKind, type Refusal } from '../remedy.ts';
import { type Candidate, planOf } from './candidates.ts';
import { sameStep } from './same-step.ts';

/** Plans that were saved to be carried out later, and what it takes to derive them again. */
export interface PlanSet {
  schema: 'podctl.plan-set/v1';
  podctl: string;
  node: string;
  bootId: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** How the node was looked at, and what was asked for. */
  basedOn: {
    checks: string[];
    kinds: GcKind[] | null;
    endpoint: string | null;
    minAgeMs: number | null;
    assumeNoKubelet: boolean;
    force: Refusal['name'][];
    maxPercent: number | null;
    risk: Plan['risk'];
    pauseArchive: string | null;
  };
  plans: Plan[];
}

/** Why a saved plan is not carried out: the step, and what is different now. */
export interface Mismatch {
  plan: Plan;
  step: Step | null;
  reason: string;
}

const MAX_AGE_MS = 600_000;
/** So much may two clocks of one machine differ, after one of them was set. */
const CLOCK_MS = 60_000;

/**
 * Actions and guards are not looked into: none is ever carried out as it stands in the file. They only choose
 * among the steps that a fresh look gives.
 */
export const planSetShape = record<PlanSet>({
  schema: oneOf('podctl.plan-set/v1'),
  podctl: text,
  node: text,
  bootId: text,
  createdAt: whole,
  basedOn: record<PlanSet['basedOn']>({
    checks: list(text),
    kinds: nullable(list(oneOf(...GC_KINDS))),
    endpoint: nullable(text),
    minAgeMs: nullable(whole),
    assumeNoKubelet: flag,
    force: list(oneOf('kubelet-silent', 'devices-inside', 'not-alone', 'not-possible', 'runtime-silent')),
    maxPercent: nullable(whole),
    risk: riskShape,
    pauseArchive: nullable(text),
  }),
  plans: list(planShape),
});

/** Why the whole set is not to be used any more; null when it may be. */
export function staleness(set: PlanSet, now: { time: number; bootId: string }): string | null {
  if (set.bootId !== now.bootId) return 'it was made on another machine, or before this one was started anew';
  const age = now.time - set.createdAt;
  if (age < -CLOCK_MS) return 'it was made in the future: the clock was set since';
  if (age > MAX_AGE_MS) return `it is ${Math.floor(age / 60_000)} minutes old, and 10 are the most`;
  return null;
}

/**
 * Of what a fresh look would do, what was saved; and by name what was saved and is not found like that any more.
 * A plan that differs in one step is left alone as a whole.
 */
export function onlySaved(
  fresh: readonly Candidate[],
  saved: readonly Plan[],
): { going: Candidate[]; mismatches: Mismatch[] } {
  const going: Candidate[] = [];
  const mismatches: Mismatch[] = [];
  for (const plan of saved) {
    const candidate = fresh.find((c) => isFor(plan, planOf(c)));
    const now = candidate && planOf(candidate);
    if (!candidate || !now) {
      mismatches.push({ plan, step: null, reason: 'a fresh look does not find it' });
      continue;
    }
    const odd = going.includes(candidate)
      ? { step: null, reason: 'it is there twice' }
      : differing(plan, now);
    if (odd) mismatches.push({ plan, ...odd });
    else going.push(candidate);
  }
  // The order is not the file's to choose.
  return { going: fresh.filter((candidate) => going.includes(candidate)), mismatches };
}

function isFor(saved: Plan, fresh: Plan | null): boolean {
  return (
    fresh !== null &&
    saved.remedy === fresh.remedy &&
    saved.subject?.kind === fresh.subject?.kind &&
    saved.subject?.id === fresh.subject?.id
  );
}

function differing(saved: Plan, fresh: Plan): Omit<Mismatch, 'plan'> | null {
  const odd = saved.steps.find((step, i) => {
    const other = fresh.steps[i];
    return other === undefined || !sameStep(step, other);
  });
  if (odd) return { step: odd, reason: 'a fresh look would do it differently' };
  if (saved.risk !== fresh.risk || saved.steps.length !== fresh.steps.length)
    return { step: null, reason: 'a fresh look would do more' };
  return null;
}
