import type { Remedy } from '../remedy.ts';

/** Every remedy, by the check whose findings it cures. */
export const remedies: readonly Remedy[] = [];

/** The remedy for one message of a check; null when nobody knows one. */
export function remedyFor(check: string, messageId: string): Remedy | null {
  const isFor = (remedy: Remedy) =>
    remedy.check === check && (remedy.messages === null || remedy.messages.includes(messageId));
  return remedies.find(isFor) ?? null;
}
