/** Everything that the author of a check may see. */

export { parseAddress, sameAddress } from './derive/address.ts';
export { gatewayOf, type Pool, poolHas, poolsOf } from './derive/address-pool.ts';
export { clockWasSet, isOldFile } from './derive/age.ts';
export { type Anchors, anchorsOf, SHARED_WITH_SANDBOX } from './derive/anchors.ts';
export {
  type AttachmentFault,
  attachmentFault,
  isPlainPort,
  type LostBridge,
  lostBridges,
} from './derive/attachment-fault.ts';
export {
  CANARY_NETWORK_NORMAL,
  canaryLeft,
  canaryRun,
  canaryWorks,
  failedSteps,
  judgeCanaryNetwork,
} from './derive/canary-findings.ts';
export { CANARY_NAMESPACE, canaryMaker } from './derive/canary-name.ts';
export { type AgentSeen, agentOf } from './derive/cni-agents.ts';
export { pluginFault } from './derive/cni-plugins.ts';
export { holdersOf, portTakenBy, portText, ruleCommands, rulesKey } from './derive/cni-rules.ts';
export { type CniScope, cniScope, isSandboxId, keyOf } from './derive/cni-scope.ts';
export { networkFault, otherConfs, winningConf } from './derive/cni-winner.ts';
export { amongPins, crictl, ctr, onNode, podctlGc, repairOwn } from './derive/command.ts';
export { dated, isInFuture, misordered } from './derive/creation-order.ts';
export { type Creation, creationsOf } from './derive/creations.ts';
export { inhabitedIds, storedSandboxes } from './derive/crio-storage.ts';
export { servingDaemon } from './derive/daemon.ts';
export { isForeign } from './derive/foreign.ts';
export { type Gap, gapOf } from './derive/gap.ts';
export { COLLECTS_FROM_PERCENT, collectionNear, NEAR_PERCENT } from './derive/image-collection.ts';
export { findImage, fullReference, pauseTagOf, pauseTags, storedName, tagOf } from './derive/image-ref.ts';
export {
  type KeptNetwork,
  keptNetwork,
  type TeardownFault,
  teardownFault,
} from './derive/kept-network.ts';
export { isKnownPod } from './derive/kubelet-pods.ts';
export { type LeakedPin, leakedPins } from './derive/leaked-pins.ts';
export {
  type LeakedReservations,
  leakedReservations,
  type ReservationWitnesses,
} from './derive/leaked-reservations.ts';
export { canRun, machineName } from './derive/machine.ts';
export { networkDrift } from './derive/network-drift.ts';
export { type HostVeth, hostVeths, inhabitedAddresses, podAddresses } from './derive/networks.ts';
export { isOwned, isProblem, type Owners, ownersOf } from './derive/owners.ts';
export { type LostPin, lostAnchorPins } from './derive/pin-anchors.ts';
export { canPin, nearMissPin, PIN_LABEL } from './derive/pinning.ts';
export { pinsByPath, recordedPin } from './derive/pins.ts';
export { type PluginNode, pluginNode } from './derive/plugin-node.ts';
export { type AddressUse, podAddressUses, podIpam } from './derive/pod-addresses.ts';
export { type PodAttachment, podAttachments } from './derive/pod-attachments.ts';
export { knownPods, listedRoots, obstacleToPods, type PodWitnesses, podRoot } from './derive/pod-cgroups.ts';
export { type IdleInfra, idleInfras, leakedPodmanPins } from './derive/podman.ts';
export {
  ageOf,
  byPid,
  inhabitedNetns,
  initProcesses,
  isAlive,
  runPath,
  sameRunPath,
  shimsOf,
} from './derive/process.ts';
export { changedSinceStart, placeOf, sandboxImageUnknown, sandboxImageUse } from './derive/sandbox-image.ts';
export {
  isOwn,
  type Member,
  type SandboxView,
  sandboxName,
  sandboxViews,
  type Witnesses,
} from './derive/sandbox-view.ts';
export { servingLog } from './derive/serving-log.ts';
export { NEARLY_PERCENT, type Shortage, shortages } from './derive/shortages.ts';
export { type UnrecordedAddress, unrecordedAddresses } from './derive/unrecorded-addresses.ts';
export type {
  Advice,
  Check,
  CheckMeta,
  Evidence,
  Finding,
  Judgement,
  Risk,
  Settings,
  Severity,
  Subject,
  SubjectKind,
} from './model/check.ts';
export { defineCheck } from './model/check.ts';
export { optionOf } from './model/check-options.ts';
export { durationText } from './model/duration.ts';
export type * from './model/facts.ts';
export { type NsId, type NsMode, type NsType, nsLink } from './model/namespace.ts';
export { completeValue, type Outcome, type Problem, problem } from './model/outcome.ts';
export { compareVersions, kubeadmPause } from './model/pause-versions.ts';
export { RUNC_WAITS } from './model/process-facts.ts';
export { referenceFault } from './model/reference.ts';
export { REMOVED_KUBELET_FLAGS } from './model/removed-kubelet-flags.ts';
