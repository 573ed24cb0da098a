import type { Remedy } from '../remedy.ts';
import { abandonedStart } from './abandoned-start.ts';
import { anchorLost } from './anchor-lost.ts';
import { attachmentLost } from './attachment-lost.ts';
import { bridgeAddress } from './bridge-address.ts';
import { cacheDamaged, cacheOrphaned } from './cache-files.ts';
import { canaryLeft } from './canary-left.ts';
import { cgroupLeaked } from './cgroup-leaked.ts';
import { cgroupOccupied } from './cgroup-occupied.ts';
import { checkpointDamaged } from './checkpoint-damaged.ts';
import { clockJump } from './clock-jump.ts';
import { danglingLink } from './dangling-link.ts';
import { halfRecorded, networkKept } from './dead-removal.ts';
import { delegateState } from './delegate-state.ts';
import { duplicateName } from './duplicate-name.ts';
import { removedPauseFlag, stalePauseFlag } from './kubelet-flag.ts';
import { leakedReservation } from './leaked-reservation.ts';
import { leakedShim } from './leaked-shim.ts';
import { netnsMismatch } from './mismatch.ts';
import { netnsLeaked } from './netns-leaked.ts';
import { configurationBroken, wrongConfiguration } from './network-configuration.ts';
import { notreadyPile } from './notready-pile.ts';
import { orphanedPause } from './orphaned-pause.ts';
import { pauseDamaged } from './pause-damaged.ts';
import { pinLost } from './pin-lost.ts';
import { pinStacked } from './pin-stacked.ts';
import { sandboxImageMissing, sandboxImageUnpinned } from './sandbox-image.ts';
import { ignoredKey, malformedImageName, sandboxImageDrift } from './sandbox-image-config.ts';
import { frozenRegistry, nameNotCanonical } from './sandbox-image-name.ts';
import { staleRule } from './stale-rule.ts';
import { unknownContainer } from './unknown-container.ts';
import { wrongStore } from './wrong-store.ts';

/** Every remedy, by the check whose findings it cures. */
export const remedies: readonly Remedy[] = [
  sandboxImageMissing,
  sandboxImageUnpinned,
  wrongStore,
  ignoredKey,
  sandboxImageDrift,
  malformedImageName,
  nameNotCanonical,
  frozenRegistry,
  pauseDamaged,
  removedPauseFlag,
  stalePauseFlag,
  pinLost,
  netnsMismatch,
  anchorLost,
  orphanedPause,
  notreadyPile,
  clockJump,
  netnsLeaked,
  leakedReservation,
  cacheOrphaned,
  cacheDamaged,
  danglingLink,
  staleRule,
  bridgeAddress,
  attachmentLost,
  abandonedStart,
  leakedShim,
  cgroupLeaked,
  duplicateName,
  networkKept,
  halfRecorded,
  checkpointDamaged,
  canaryLeft,
  unknownContainer,
  pinStacked,
  cgroupOccupied,
  delegateState,
  configurationBroken,
  wrongConfiguration,
];

/** The remedy for one message of a check; null when nobody knows one. */
export function remedyFor(check: string, messageId: string): Remedy | null {
  const isFor = (remedy: Remedy) =>
    remedy.check === check && (remedy.messages === null || remedy.messages.includes(messageId));
  return remedies.find(isFor) ?? null;
}
