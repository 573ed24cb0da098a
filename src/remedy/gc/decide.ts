import type { Risk } from '../../model/check.ts';
import type { Refusal } from '../remedy.ts';
import { type Candidate, planOf } from './candidates.ts';
import type { Settled } from './settled.ts';

/**
 * What becomes of an object. Before: `going`, or why not: `refused`, `set-aside` (its risk was not asked for),
 * `changed` (not the same object in both looks). Afterwards: `gone`, `left` or `not-reached`.
 */
export type ItemState = 'going' | 'refused' | 'set-aside' | 'changed' | 'gone' | 'left' | 'not-reached';

export interface Item {
  candidate: Candidate;
  state: ItemState;
  /** Why it does not go, or stayed; '' otherwise. */
  reason: string;
  /** The refusal, where there is one. */
  refusal: Refusal | null;
}

const RANK: readonly Risk[] = ['safe', 'disruptive', 'destructive'];

/**
 * What goes and what does not. `silence`: why owners cannot be asked; then nothing goes that was left behind, as
 * nobody can be sure of that.
 */
export function decide(settled: Settled, options: { risk: Risk; silence: string | null }): Item[] {
  return [
    ...settled.same.map((candidate) => judged(candidate, options)),
    ...settled.changed.map((candidate) =>
      item(candidate, 'changed', 'it was not the same in the second look: it is in use, or was made anew'),
    ),
  ];
}

function judged(candidate: Candidate, { risk, silence }: { risk: Risk; silence: string | null }): Item {
  if (silence !== null && candidate.kind !== null)
    return refused(candidate, {
      name: 'runtime-silent',
      reason: silence,
      surer: 'once the runtime answers, its list says what it owns',
    });
  const plan = planOf(candidate);
  if (!plan)
    return 'refusal' in candidate.planned
      ? refused(candidate, candidate.planned.refusal)
      : item(candidate, 'refused', '');
  if (RANK.indexOf(plan.risk) > RANK.indexOf(risk))
    return item(candidate, 'set-aside', `its cure is ${plan.risk}: --risk ${plan.risk} includes it`);
  return item(candidate, 'going', '');
}

function refused(candidate: Candidate, refusal: Refusal): Item {
  return { candidate, state: 'refused', reason: refusal.reason, refusal };
}

function item(candidate: Candidate, state: ItemState, reason: string): Item {
  return { candidate, state, reason, refusal: null };
}
