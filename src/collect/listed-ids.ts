import type { CollectContext } from './collector.ts';
import { knownValue } from './known-value.ts';

/** Ids of all sandboxes that a runtime or podctl lists. */
export function listedIds(known: CollectContext['known']): ReadonlySet<string> {
  return new Set(knownValue(known('sandboxes'))?.map(({ id }) => id));
}
