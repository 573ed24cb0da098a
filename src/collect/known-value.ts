import type { Outcome } from '../model/outcome.ts';

/** What was seen of a fact, all of it or a part; undefined when nothing was. */
export function knownValue<T>(outcome: Outcome<T> | undefined): T | undefined {
  return outcome && 'value' in outcome ? outcome.value : undefined;
}
