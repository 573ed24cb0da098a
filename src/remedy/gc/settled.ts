import { type Candidate, keyOf, planOf } from './candidates.ts';
import { sameStep } from './same-step.ts';

/** What two looks say together. */
export interface Settled {
  /** In both, and the very same objects: as the second look shows them. */
  same: Candidate[];
  /** In both by name, but not the same object any more: another process, file or namespace. */
  changed: Candidate[];
}

/**
 * Keeps what both looks found. An object is the same when everything that its plan would do, and be guarded by,
 * is the same: processes with their start times, namespaces, hashes of files, addresses of links.
 */
export function inBoth(first: readonly Candidate[], second: readonly Candidate[]): Settled {
  const before = new Map(first.map((candidate) => [keyOf(candidate), candidate]));
  const settled: Settled = { same: [], changed: [] };
  for (const candidate of second) {
    const earlier = before.get(keyOf(candidate));
    if (earlier) settled[isSame(earlier, candidate) ? 'same' : 'changed'].push(candidate);
  }
  return settled;
}

function isSame(a: Candidate, b: Candidate): boolean {
  const [before, after] = [planOf(a), planOf(b)];
  if (a.finding.messageId !== b.finding.messageId) return false;
  if (!before || !after) return before === after;
  return (
    before.steps.length === after.steps.length &&
    before.steps.every((step, i) => {
      const other = after.steps[i];
      return other !== undefined && sameStep(step, other);
    })
  );
}
