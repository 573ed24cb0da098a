import type { NetworkInside, NetworksFact } from '../model/facts.ts';
import { podAddresses } from './networks.ts';
import type { SandboxView } from './sandbox-view.ts';

/** A ready sandbox with an address that its record lacks. */
export interface UnrecordedAddress {
  view: SandboxView;
  pod: NetworkInside;
  addresses: string[];
}

/** What a runtime that starts reads back is its records: such a sandbox then has no address. */
export function unrecordedAddresses(
  views: readonly SandboxView[],
  { host, pods }: NetworksFact,
): UnrecordedAddress[] {
  const byNs = new Map(pods.filter((pod) => pod.ns !== host.ns).map((pod) => [pod.ns, pod]));
  return views.flatMap((view) => {
    const { listed, record, pause } = view;
    const net = pause?.ns.net ?? null;
    if (listed?.state !== 'ready' || listed.provider || record?.address !== '' || net === null) return [];
    const pod = record.modes?.net === 'node' ? undefined : byNs.get(net);
    const addresses = pod ? podAddresses(pod) : [];
    return pod && addresses.length > 0 ? [{ view, pod, addresses }] : [];
  });
}
