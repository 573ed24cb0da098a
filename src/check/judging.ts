import type { Check } from '../model/check.ts';
import type { FactName } from '../model/facts.ts';

/**
 * Checks that have something to say: where no canary was made (a plain look makes none), what judges one takes no
 * part; unless nothing else was asked for.
 */
export function judging(
  checks: readonly Check[],
  facts: Partial<Record<FactName, unknown>>,
): readonly Check[] {
  const others = checks.filter(({ meta }) => !meta.needs.includes('canary'));
  return facts.canary !== undefined || others.length === 0 ? checks : others;
}
