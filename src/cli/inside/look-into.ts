import { factOf, type PodView, type Seen } from '../../derive/pod-view.ts';
import type { ReadHost } from '../../host/read-host.ts';
import { type Network, probeNetworks } from '../../native/probe.ts';

/** A pod's network and the node's, which is null where it was not seen; or why there is none to see. */
export type LookedInto = { inside: Network; node: Network | null } | { problem: string; gone: boolean };

/** Looks into the network namespace of a pod: by a process that is in it, else by its pin. */
export async function lookInto(host: ReadHost, seen: Seen, pod: PodView): Promise<LookedInto> {
  const wanted = pod.anchors.get('net')?.id;
  const places = placesOf(seen, pod);
  if (places.length === 0 || wanted === undefined)
    return { problem: 'its network namespace is gone: no process is in it and no pin holds it', gone: true };
  const nodes = nodePlaces(seen);
  const probed = await probeNetworks(
    [...places, ...nodes].map((place) => host.root + place),
    { udp: true },
  );
  if (!probed.ok) return { problem: probed.problem.message, gone: false };
  const own = probed.value.slice(0, places.length);
  const inside = own.find(({ network }) => network?.id === wanted)?.network;
  if (!inside)
    return { problem: own[0]?.problem?.message ?? 'another namespace is there by now', gone: false };
  const networks = probed.value.slice(places.length).flatMap(({ network }) => network ?? []);
  return { inside, node: networks.find((node) => hasOtherEnd(inside, node)) ?? networks[0] ?? null };
}

/** The runtime's mounts need not be ours: its pins can be reached through its root. */
function placesOf(seen: Seen, { pause, containers, anchors, netnsPath }: PodView): string[] {
  const net = anchors.get('net')?.id;
  const inhabitant = [pause, ...containers.map((c) => c.init)].find((p) => p?.ns.net === net);
  if (inhabitant) return [`/proc/${inhabitant.pid}/ns/net`];
  const by = factOf(seen, 'pins')?.seenBy;
  const elsewhere = by && by.what !== 'self' ? [`/proc/${by.pid}/root${netnsPath}`] : [];
  return netnsPath === '' ? [] : [netnsPath, ...elsewhere];
}

/** Where the host ends of links may be: the runtime's network, PID 1's, our own. */
function nodePlaces(seen: Seen): string[] {
  const known = factOf(seen, 'networks')?.host.path;
  return [...new Set([...(known ? [known] : []), '/proc/1/ns/net', `/proc/${process.pid}/ns/net`])];
}

function hasOtherEnd(inside: Network, node: Network): boolean {
  return inside.links.some(
    (link) =>
      link.kind === 'veth' &&
      node.links.some((end) => end.index === link.peerIndex && end.peerIndex === link.index),
  );
}
