import type { FactName, Facts } from '../../model/facts.ts';
import type { Planned, Refusal, RemedyRequest } from '../remedy.ts';

export type Known<N extends FactName> = { [K in N]: Facts[K] };
type Refused = { refusal: Refusal };

/** Facts that a plan cannot do without, or the refusal for want of the first that is not complete. */
export function known<const N extends FactName>(
  { facts }: Pick<RemedyRequest, 'facts'>,
  ...names: N[]
): { known: Known<N> } | Refused {
  const found: Partial<Record<FactName, unknown>> = {};
  for (const name of names) {
    const outcome = facts[name];
    if (outcome?.status === 'complete') {
      found[name] = outcome.value;
      continue;
    }
    const why =
      outcome === undefined
        ? 'it was not looked at'
        : outcome.status === 'absent'
          ? outcome.reason
          : (outcome.status === 'failed' ? outcome.problem : outcome.problems[0])?.message;
    return notPossible(
      `without ${name} there is no plan: ${why ?? 'it is incomplete'}`,
      'look at the whole node',
    );
  }
  return { known: found as Known<N> };
}

/** A fact that only makes a plan better; undefined where it is not complete. */
export function knownOrNot<N extends FactName>(
  { facts }: Pick<RemedyRequest, 'facts'>,
  name: N,
): Facts[N] | undefined {
  const outcome = facts[name];
  return outcome?.status === 'complete' ? (outcome.value as Facts[N]) : undefined;
}

/** There is no plan. `surer`: what else to do. */
export function notPossible(reason: string, surer: string): Refused & Planned {
  return { refusal: { name: 'not-possible', reason, surer } };
}
