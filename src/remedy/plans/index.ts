import type { Remedy } from '../remedy.ts';
import { anchorLost } from './anchor-lost.ts';
import { netnsMismatch } from './mismatch.ts';
import { pinLost } from './pin-lost.ts';
import { sandboxImageMissing, sandboxImageUnpinned } from './sandbox-image.ts';
import { ignoredKey, sandboxImageDrift } from './sandbox-image-config.ts';

/** Every remedy, by the check whose findings it cures. */
export const remedies: readonly Remedy[] = [
  sandboxImageMissing,
  sandboxImageUnpinned,
  ignoredKey,
  sandboxImageDrift,
  pinLost,
  netnsMismatch,
  anchorLost,
];

/** The remedy for one message of a check; null when nobody knows one. */
export function remedyFor(check: string, messageId: string): Remedy | null {
  const isFor = (remedy: Remedy) =>
    remedy.check === check && (remedy.messages === null || remedy.messages.includes(messageId));
  return remedies.find(isFor) ?? null;
}
