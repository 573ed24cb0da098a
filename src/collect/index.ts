import { abstractSocketsCollector } from './abstract-sockets.ts';
import { bundlesCollector } from './bundles.ts';
import { cgroupsCollector } from './cgroups.ts';
import { cniAgentsCollector } from './cni-agents.ts';
import { cniCacheCollector } from './cni-cache.ts';
import { cniConfCollector } from './cni-conf.ts';
import { cniPluginsCollector } from './cni-plugins.ts';
import type { Collector } from './collector.ts';
import { containersCollector } from './containers.ts';
import { criDockerdCollector } from './cri-dockerd.ts';
import { crioStorageCollector } from './crio-storage.ts';
import { daemonsCollector } from './daemons.ts';
import { endpointsCollector } from './endpoints.ts';
import { firewallCollector } from './firewall.ts';
import { hostCollector } from './host.ts';
import { imageStoreCollector } from './image-store.ts';
import { imagesCollector } from './images.ts';
import { kubeletCollector } from './kubelet.ts';
import { kubeletConfigCollector } from './kubelet-config.ts';
import { limitsCollector } from './limits/limits.ts';
import { memoryKillsCollector } from './memory-kills.ts';
import { networksCollector } from './networks.ts';
import { ownSandboxesCollector } from './own-sandboxes.ts';
import { pauseContentCollector } from './pause-content.ts';
import { pauseVersionsCollector } from './pause-versions.ts';
import { pinsCollector } from './pins.ts';
import { podOwnersCollector } from './pod-owners.ts';
import { podmanCollector } from './podman.ts';
import { processesCollector } from './processes.ts';
import { reapersCollector } from './reapers.ts';
import { reservationsCollector } from './reservations.ts';
import { runtimeCollector } from './runtime.ts';
import { runtimeConfigCollector } from './runtime-config.ts';
import { runtimeLogCollector } from './runtime-log.ts';
import { sandboxesCollector } from './sandboxes.ts';
import { socketsCollector } from './sockets.ts';
import { stallsCollector } from './stalls/stalls.ts';
import { storeCollector } from './store.ts';
import { storeContainersCollector } from './store-containers.ts';
import { tasksCollector } from './tasks.ts';

/** Every collector there is: claims first, then their owners. */
export const collectors: readonly Collector[] = [
  hostCollector,
  pauseVersionsCollector,
  daemonsCollector,
  endpointsCollector,
  runtimeConfigCollector,
  cniCacheCollector,
  pinsCollector,
  cniConfCollector,
  cniPluginsCollector,
  cniAgentsCollector,
  reservationsCollector,
  networksCollector,
  firewallCollector,
  cgroupsCollector,
  ownSandboxesCollector,
  runtimeCollector,
  sandboxesCollector,
  containersCollector,
  imagesCollector,
  storeCollector,
  storeContainersCollector,
  tasksCollector,
  processesCollector,
  reapersCollector,
  abstractSocketsCollector,
  memoryKillsCollector,
  bundlesCollector,
  socketsCollector,
  limitsCollector,
  stallsCollector,
  kubeletCollector,
  kubeletConfigCollector,
  podOwnersCollector,
  runtimeLogCollector,
  imageStoreCollector,
  pauseContentCollector,
  crioStorageCollector,
  podmanCollector,
  criDockerdCollector,
];
