// Written by .ci/generate-registry.mjs from the files below checks/.
import canaryLeftBehind from '../../checks/canary/left-behind.ts';
import canaryOwnNetwork from '../../checks/canary/own-network.ts';
import canaryOwnSandbox from '../../checks/canary/own-sandbox.ts';
import canaryRuntimeNetwork from '../../checks/canary/runtime-network.ts';
import canaryRuntimeSandbox from '../../checks/canary/runtime-sandbox.ts';
import cgroupDriverMismatch from '../../checks/cgroup/driver-mismatch.ts';
import cgroupImageDriverMismatch from '../../checks/cgroup/image-driver-mismatch.ts';
import cgroupLeaked from '../../checks/cgroup/leaked.ts';
import cgroupOccupied from '../../checks/cgroup/occupied.ts';
import cniAddressesExhausted from '../../checks/cni/addresses-exhausted.ts';
import cniAgentStateMissing from '../../checks/cni/agent-state-missing.ts';
import cniAttachmentLost from '../../checks/cni/attachment-lost.ts';
import cniBridgeAddress from '../../checks/cni/bridge-address.ts';
import cniBridgeLost from '../../checks/cni/bridge-lost.ts';
import cniCacheDamaged from '../../checks/cni/cache-damaged.ts';
import cniCacheOrphaned from '../../checks/cni/cache-orphaned.ts';
import cniConfigurationBroken from '../../checks/cni/configuration-broken.ts';
import cniCredentialsExpired from '../../checks/cni/credentials-expired.ts';
import cniDanglingLink from '../../checks/cni/dangling-link.ts';
import cniDelegateStateDamaged from '../../checks/cni/delegate-state-damaged.ts';
import cniLeakedReservation from '../../checks/cni/leaked-reservation.ts';
import cniMissingRule from '../../checks/cni/missing-rule.ts';
import cniNoConfiguration from '../../checks/cni/no-configuration.ts';
import cniOddFile from '../../checks/cni/odd-file.ts';
import cniPluginMissing from '../../checks/cni/plugin-missing.ts';
import cniReservationConflict from '../../checks/cni/reservation-conflict.ts';
import cniReservationsBlocked from '../../checks/cni/reservations-blocked.ts';
import cniStaleRule from '../../checks/cni/stale-rule.ts';
import cniVersionMismatch from '../../checks/cni/version-mismatch.ts';
import cniWrongConfiguration from '../../checks/cni/wrong-configuration.ts';
import configCriDockerdImage from '../../checks/config/cri-dockerd-image.ts';
import configMalformedImageName from '../../checks/config/malformed-image-name.ts';
import configMutableSandboxTag from '../../checks/config/mutable-sandbox-tag.ts';
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
import kubeletImageEndpoint from '../../checks/kubelet/image-endpoint.ts';
import kubeletRemovedFlag from '../../checks/kubelet/removed-flag.ts';
import kubeletRemovedPauseFlag from '../../checks/kubelet/removed-pause-flag.ts';
import kubeletResolvConfMissing from '../../checks/kubelet/resolv-conf-missing.ts';
import kubeletStalePauseFlag from '../../checks/kubelet/stale-pause-flag.ts';
import netnsFolderSwitched from '../../checks/netns/folder-switched.ts';
import netnsHidden from '../../checks/netns/hidden.ts';
import netnsLeaked from '../../checks/netns/leaked.ts';
import netnsMismatch from '../../checks/netns/mismatch.ts';
import netnsPinLost from '../../checks/netns/pin-lost.ts';
import netnsPinStacked from '../../checks/netns/pin-stacked.ts';
import podctlCheckUnusable from '../../checks/podctl/check-unusable.ts';
import podctlIgnoreExpired from '../../checks/podctl/ignore-expired.ts';
import podmanLeakedNetns from '../../checks/podman/leaked-netns.ts';
import podmanPauseLost from '../../checks/podman/pause-lost.ts';
import podmanStateBeforeBoot from '../../checks/podman/state-before-boot.ts';
import podmanUnusedAddress from '../../checks/podman/unused-address.ts';
import runtimeAbstractSocket from '../../checks/runtime/abstract-socket.ts';
import runtimeDeadMount from '../../checks/runtime/dead-mount.ts';
import runtimeExhausted from '../../checks/runtime/exhausted.ts';
import runtimeNotReady from '../../checks/runtime/not-ready.ts';
import runtimeOtherEndpoint from '../../checks/runtime/other-endpoint.ts';
import runtimeSandboxesFail from '../../checks/runtime/sandboxes-fail.ts';
import runtimeSecondDaemon from '../../checks/runtime/second-daemon.ts';
import runtimeStorageWiped from '../../checks/runtime/storage-wiped.ts';
import runtimeUnreachable from '../../checks/runtime/unreachable.ts';
import runtimeUnresponsive from '../../checks/runtime/unresponsive.ts';
import sandboxAbandonedStart from '../../checks/sandbox/abandoned-start.ts';
import sandboxAddressUnrecorded from '../../checks/sandbox/address-unrecorded.ts';
import sandboxAnchorLost from '../../checks/sandbox/anchor-lost.ts';
import sandboxBeforeBoot from '../../checks/sandbox/before-boot.ts';
import sandboxCheckpointDamaged from '../../checks/sandbox/checkpoint-damaged.ts';
import sandboxClockJump from '../../checks/sandbox/clock-jump.ts';
import sandboxDockerNameHeld from '../../checks/sandbox/docker-name-held.ts';
import sandboxDuplicateName from '../../checks/sandbox/duplicate-name.ts';
import sandboxForeignPause from '../../checks/sandbox/foreign-pause.ts';
import sandboxHalfCreated from '../../checks/sandbox/half-created.ts';
import sandboxLeakedShim from '../../checks/sandbox/leaked-shim.ts';
import sandboxNetworkDrift from '../../checks/sandbox/network-drift.ts';
import sandboxNetworkKept from '../../checks/sandbox/network-kept.ts';
import sandboxNotreadyPile from '../../checks/sandbox/notready-pile.ts';
import sandboxOrphanedPause from '../../checks/sandbox/orphaned-pause.ts';
import sandboxPauseOutOfMemory from '../../checks/sandbox/pause-out-of-memory.ts';
import sandboxPauseless from '../../checks/sandbox/pauseless.ts';
import sandboxPodDeleted from '../../checks/sandbox/pod-deleted.ts';
import sandboxRecordDamaged from '../../checks/sandbox/record-damaged.ts';
import sandboxSlowCreation from '../../checks/sandbox/slow-creation.ts';
import sandboxStoppedShim from '../../checks/sandbox/stopped-shim.ts';
import sandboxUnknownContainer from '../../checks/sandbox/unknown-container.ts';
import sandboxUnrestorable from '../../checks/sandbox/unrestorable.ts';
import sandboxZombies from '../../checks/sandbox/zombies.ts';
import type { Check } from '../model/check.ts';

/** Every built-in check, sorted by id. */
export const builtinChecks: readonly Check[] = [
  canaryLeftBehind,
  canaryOwnNetwork,
  canaryOwnSandbox,
  canaryRuntimeNetwork,
  canaryRuntimeSandbox,
  cgroupDriverMismatch,
  cgroupImageDriverMismatch,
  cgroupLeaked,
  cgroupOccupied,
  cniAddressesExhausted,
  cniAgentStateMissing,
  cniAttachmentLost,
  cniBridgeAddress,
  cniBridgeLost,
  cniCacheDamaged,
  cniCacheOrphaned,
  cniConfigurationBroken,
  cniCredentialsExpired,
  cniDanglingLink,
  cniDelegateStateDamaged,
  cniLeakedReservation,
  cniMissingRule,
  cniNoConfiguration,
  cniOddFile,
  cniPluginMissing,
  cniReservationConflict,
  cniReservationsBlocked,
  cniStaleRule,
  cniVersionMismatch,
  cniWrongConfiguration,
  configCriDockerdImage,
  configMalformedImageName,
  configMutableSandboxTag,
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
  kubeletImageEndpoint,
  kubeletRemovedFlag,
  kubeletRemovedPauseFlag,
  kubeletResolvConfMissing,
  kubeletStalePauseFlag,
  netnsFolderSwitched,
  netnsHidden,
  netnsLeaked,
  netnsMismatch,
  netnsPinLost,
  netnsPinStacked,
  podctlCheckUnusable,
  podctlIgnoreExpired,
  podmanLeakedNetns,
  podmanPauseLost,
  podmanStateBeforeBoot,
  podmanUnusedAddress,
  runtimeAbstractSocket,
  runtimeDeadMount,
  runtimeExhausted,
  runtimeNotReady,
  runtimeOtherEndpoint,
  runtimeSandboxesFail,
  runtimeSecondDaemon,
  runtimeStorageWiped,
  runtimeUnreachable,
  runtimeUnresponsive,
  sandboxAbandonedStart,
  sandboxAddressUnrecorded,
  sandboxAnchorLost,
  sandboxBeforeBoot,
  sandboxCheckpointDamaged,
  sandboxClockJump,
  sandboxDockerNameHeld,
  sandboxDuplicateName,
  sandboxForeignPause,
  sandboxHalfCreated,
  sandboxLeakedShim,
  sandboxNetworkDrift,
  sandboxNetworkKept,
  sandboxNotreadyPile,
  sandboxOrphanedPause,
  sandboxPauseOutOfMemory,
  sandboxPauseless,
  sandboxPodDeleted,
  sandboxRecordDamaged,
  sandboxSlowCreation,
  sandboxStoppedShim,
  sandboxUnknownContainer,
  sandboxUnrestorable,
  sandboxZombies,
];
