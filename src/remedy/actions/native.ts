import type { Native } from '../../native/problem.ts';

/** What podctl-ns gave. Throws an Error with its message when it failed. */
export function required<T>(result: Native<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problem.message);
}
