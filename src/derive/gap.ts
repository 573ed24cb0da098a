import { completeValue, type Outcome, type Problem } from '../model/outcome.ts';
import type { OwnSandbox } from '../model/own-facts.ts';

/** Why lists may lack the runtime's members. `skipped`: there is nothing of the kind on this node. */
export interface Gap {
  problems: Problem[];
  skipped?: string;
}

/**
 * Null when all lists are whole. Where they are not, nothing of the runtime's can be judged by what is missing from
 * them, but podctl's own sandboxes can: their records are on disk.
 */
export function gapOf(own: Outcome<OwnSandbox[]>, ...lists: Outcome<unknown>[]): Gap | null {
  const hasOwn = (completeValue(own)?.length ?? 0) > 0;
  for (const list of lists) {
    if (list.status === 'absent') return { problems: [], ...(hasOwn ? {} : { skipped: list.reason }) };
    if (list.status === 'failed') return { problems: [list.problem] };
    if (list.status === 'partial') return { problems: list.problems };
  }
  return null;
}
