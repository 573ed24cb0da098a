import { isOptional } from '../../remedy/gc/candidates.ts';
import type { Cured } from './cure.ts';

/**
 * 0: done, or nothing to do. 1: something is planned, or left after it was tried. 2: nobody said yes.
 * 3: refused, or not all could be seen, and nothing worse. 130 or 143 after a signal.
 */
export function cureExit(cured: Cured): number {
  const { items, consent, tooMany, last } = cured;
  if (cured.interrupted !== undefined) return cured.interrupted;
  if (consent === 'refuse' || consent === 'no') return 2;
  if (tooMany.length > 0) return 3;
  const isOpen = items.some(
    ({ state, candidate }) =>
      ['going', 'left', 'not-reached', 'changed'].includes(state) ||
      (state === 'set-aside' && !isOptional(candidate)),
  );
  if (isOpen || last.uncured.length > 0) return 1;
  return items.some(({ state }) => state === 'refused') || last.unseen.length > 0 ? 3 : 0;
}
