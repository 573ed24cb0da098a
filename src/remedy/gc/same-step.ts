import { isDeepStrictEqual } from 'node:util';
import type { Step } from '../../model/plan.ts';

/** True when both would do the same to the same thing under the same conditions, whatever they say about it. */
export function sameStep(a: Pick<Step, 'action' | 'guards'>, b: Pick<Step, 'action' | 'guards'>): boolean {
  return isDeepStrictEqual(a.action, b.action) && isDeepStrictEqual(a.guards, b.guards);
}
