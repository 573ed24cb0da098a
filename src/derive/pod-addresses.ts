import type { CniCacheFact, CniConfFact, NetworkInside, NetworksFact } from '../model/facts.ts';
import { inRange, sameAddress } from './address.ts';
import { podNetworkOf } from './cni-scope.ts';
import { podAddresses } from './networks.ts';
import { runPath } from './process.ts';
import type { SandboxView } from './sandbox-view.ts';

/** host-local as the pod network uses it. */
export interface PodIpam {
  network: string;
  folder: string;
  ranges: { subnet: string; start: string; end: string }[];
}

/** One address that one ready sandbox uses. */
export interface AddressUse {
  address: string;
  view: SandboxView;
  pod: NetworkInside;
}

/** Of the first configuration that can be used; null where the pod network does not use host-local. */
export function podIpam({ files }: CniConfFact): PodIpam | null {
  const file = podNetworkOf(files);
  const ipam = file?.plugins.find((p) => p.ipam?.type === 'host-local')?.ipam;
  return file && ipam ? { network: file.name, folder: ipam.folder, ranges: ipam.ranges } : null;
}

/** Addresses from the ranges of the pod network inside the runtime's ready sandboxes, those of one spelling together. */
export function podAddressUses(
  views: readonly SandboxView[],
  networks: NetworksFact,
  ipam: PodIpam,
  cache: CniCacheFact | undefined,
): AddressUse[][] {
  const places = placesOf(networks);
  const given = addressesGiven(ipam, cache);
  const groups = new Map<string, AddressUse[]>();
  for (const view of views) {
    const isReady = view.listed?.state === 'ready' && !view.listed.provider;
    const pod = isReady ? places(view) : undefined;
    for (const address of pod ? addressesOf(pod, ipam, given.get(view.id)) : []) {
      const key = sameAddress(address);
      if (pod) groups.set(key, [...(groups.get(key) ?? []), { address, view, pod }]);
    }
  }
  return [...groups.values()];
}

/** Where a sandbox is: by its pause, else by its pin, for CRI-O keeps no pause. */
function placesOf({ host, pods }: NetworksFact): (view: SandboxView) => NetworkInside | undefined {
  const inside = pods.filter((pod) => pod.ns !== host.ns);
  const byNs = new Map(inside.map((pod) => [pod.ns, pod]));
  const byPath = new Map(inside.map((pod) => [runPath(pod.path), pod]));
  return ({ pause, bundle }) => {
    if (pause) return pause.ns.net === null ? undefined : byNs.get(pause.ns.net);
    const isCrio = bundle?.namespace === '';
    return isCrio ? byPath.get(runPath(bundle.namespaces?.net ?? '')) : undefined;
  };
}

/** What CNI gave each container in the pod network, where the cache tells, in one spelling. */
function addressesGiven({ network }: PodIpam, cache: CniCacheFact | undefined): Map<string, Set<string>> {
  const given = new Map<string, Set<string>>();
  for (const entry of cache?.entries ?? []) {
    if (entry.network !== network) continue;
    const addresses = given.get(entry.containerId) ?? new Set();
    for (const address of entry.addresses) addresses.add(sameAddress(address));
    given.set(entry.containerId, addresses);
  }
  return given;
}

/** What CNI gave it, where that is known; else all that it has. */
function addressesOf(
  pod: NetworkInside,
  { ranges }: PodIpam,
  given: ReadonlySet<string> = new Set(),
): string[] {
  return podAddresses(pod).filter(
    (address) =>
      ranges.some((range) => inRange(address, range)) &&
      (given.size === 0 || given.has(sameAddress(address))),
  );
}
