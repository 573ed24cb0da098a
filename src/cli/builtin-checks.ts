// Written by .ci/generate-registry.mjs from the files below checks/.
import cgroupLeaked from '../../checks/cgroup/leaked.ts';
import cniCacheDamaged from '../../checks/cni/cache-damaged.ts';
import cniCacheOrphaned from '../../checks/cni/cache-orphaned.ts';
import cniDanglingLink from '../../checks/cni/dangling-link.ts';
import cniLeakedReservation from '../../checks/cni/leaked-reservation.ts';
import cniOddFile from '../../checks/cni/odd-file.ts';
import cniReservationConflict from '../../checks/cni/reservation-conflict.ts';
import configSandboxImageDrift from '../../checks/config/sandbox-image-drift.ts';
import configUnreadable from '../../checks/config/unreadable.ts';
import imageFrozenRegistry from '../../checks/image/frozen-registry.ts';
import imageNameNotCanonical from '../../checks/image/name-not-canonical.ts';
import imagePauseDamaged from '../../checks/image/pause-damaged.ts';
import imagePinLabel from '../../checks/image/pin-label.ts';
import imagePullFailing from '../../checks/image/pull-failing.ts';
import imageSandboxImageMissing from '../../checks/image/sandbox-image-missing.ts';
import imageSandboxImageUnpinned from '../../checks/image/sandbox-image-unpinned.ts';
import imageWrongStore from '../../checks/image/wrong-store.ts';
import netnsLeaked from '../../checks/netns/leaked.ts';
import netnsMismatch from '../../checks/netns/mismatch.ts';
import netnsPinLost from '../../checks/netns/pin-lost.ts';
import runtimeExhausted from '../../checks/runtime/exhausted.ts';
import runtimeNotReady from '../../checks/runtime/not-ready.ts';
import runtimeUnreachable from '../../checks/runtime/unreachable.ts';
import runtimeUnresponsive from '../../checks/runtime/unresponsive.ts';
import sandboxAnchorLost from '../../checks/sandbox/anchor-lost.ts';
import sandboxDuplicateName from '../../checks/sandbox/duplicate-name.ts';
import sandboxHalfCreated from '../../checks/sandbox/half-created.ts';
import sandboxLeakedShim from '../../checks/sandbox/leaked-shim.ts';
import sandboxNetworkDrift from '../../checks/sandbox/network-drift.ts';
import sandboxNotreadyPile from '../../checks/sandbox/notready-pile.ts';
import sandboxOrphanedPause from '../../checks/sandbox/orphaned-pause.ts';
import type { Check } from '../model/check.ts';

/** Every built-in check, sorted by id. */
export const builtinChecks: readonly Check[] = [
  cgroupLeaked,
  cniCacheDamaged,
  cniCacheOrphaned,
  cniDanglingLink,
  cniLeakedReservation,
  cniOddFile,
  cniReservationConflict,
  configSandboxImageDrift,
  configUnreadable,
  imageFrozenRegistry,
  imageNameNotCanonical,
  imagePauseDamaged,
  imagePinLabel,
  imagePullFailing,
  imageSandboxImageMissing,
  imageSandboxImageUnpinned,
  imageWrongStore,
  netnsLeaked,
  netnsMismatch,
  netnsPinLost,
  runtimeExhausted,
  runtimeNotReady,
  runtimeUnreachable,
  runtimeUnresponsive,
  sandboxAnchorLost,
  sandboxDuplicateName,
  sandboxHalfCreated,
  sandboxLeakedShim,
  sandboxNetworkDrift,
  sandboxNotreadyPile,
  sandboxOrphanedPause,
];
