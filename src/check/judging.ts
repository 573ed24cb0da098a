import type { AnyCheck } from '../model/check.ts';
import type { FactName } from '../model/facts.ts';

/**
 * Facts that a plain look does not have: a canary was made, a configuration or checks of others were given, a node
 * image was looked into.
 */
const GIVEN: readonly FactName[] = ['canary', 'ownConfig', 'nodeImage'];

/**
 * Checks that have something to say: what judges a thing that was not given takes no part, unless nothing else was
 * asked for.
 */
export function judging(
  checks: readonly AnyCheck[],
  facts: Partial<Record<FactName, unknown>>,
): readonly AnyCheck[] {
  const lacking = GIVEN.filter((name) => facts[name] === undefined);
  const others = checks.filter(({ meta }) => !meta.needs.some((need) => lacking.includes(need)));
  return others.length === 0 ? checks : others;
}
