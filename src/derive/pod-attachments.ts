import type {
  CniCacheEntry,
  CniCacheFact,
  HostFact,
  NetworksFact,
  PinsFact,
  Process,
} from '../model/facts.ts';
import { type Problem, problem } from '../model/outcome.ts';
import { anchorsOf } from './anchors.ts';
import { memo } from './memo.ts';
import { type Link, linksOf, type NetworkLoss, networkLoss } from './network-loss.ts';
import { pinsByPath } from './pins.ts';
import { ageOf, isAlive, runPath } from './process.ts';
import type { SandboxView } from './sandbox-view.ts';

/** What the runtimes that speak CRI call the interface of the pod network. */
const POD_INTERFACE = 'eth0';
/** Handlers whose sandboxes keep their network in the namespace: those of gVisor and of machines take it out. */
const ORDINARY = new Set(['', 'runc', 'crun', 'youki', 'nvidia']);

/** The pod network of a ready sandbox of the runtime, as it is now. */
export interface PodAttachment {
  view: SandboxView;
  entry: CniCacheEntry;
  loss: NetworkLoss;
  /** Where it is seen: the pause's namespace, else the pin. */
  at: string;
  /** Name of the bridge that its host end belongs into; '' for networks without one. */
  bridge: string;
  /** That bridge as it is now; null when it is gone, or there is to be none. */
  bridgeLink: Link | null;
}

export interface AttachmentWitnesses {
  networks: NetworksFact;
  cniCache: CniCacheFact;
  pins: PinsFact;
  processes: Process[];
  host: HostFact;
}

/**
 * Attachments to the pod network, each compared with its cached result. `minAgeMs`: younger sandboxes are being made.
 * Problems name sandboxes that nobody could look into.
 */
export function podAttachments(
  views: readonly SandboxView[],
  { networks, cniCache, pins, processes, host }: AttachmentWitnesses,
  minAgeMs: number,
): { seen: PodAttachment[]; problems: Problem[] } {
  const all = compared(views, networks, cniCache, pins, processes);
  const old = <T extends { view: SandboxView }>(list: T[]) =>
    list.filter(({ view }) => sandboxAge(view, host) >= minAgeMs);
  return {
    seen: old(all.seen),
    problems: old(all.hidden).map(({ view, path }) =>
      problem('unavailable', `nobody could look into ${path}`, view.id),
    ),
  };
}

const compared = memo(
  (
    views: readonly SandboxView[],
    networks: NetworksFact,
    cniCache: CniCacheFact,
    pins: PinsFact,
    processes: Process[],
  ) => {
    const entries = new Map(
      cniCache.entries
        .filter(({ given, ifName }) => given && ifName === POD_INTERFACE)
        .map((entry) => [entry.containerId, entry]),
    );
    const busy = new Set(processes.filter(isAlive).flatMap(({ cni }) => (cni ? [cni.containerId] : [])));
    const inside = new Map(networks.pods.map((pod) => [pod.ns, pod]));
    const held = pinsByPath(pins.pins);
    const seen: PodAttachment[] = [];
    const hidden: { view: SandboxView; path: string }[] = [];
    for (const view of views) {
      const entry = entries.get(view.id);
      if (!entry || busy.has(view.id) || !isJudged(view)) continue;
      const anchor = anchorsOf(view, held).get('net');
      // Another namespace at the path of the attachment is another fault.
      const pinned = held.get(runPath(entry.netns))?.ns ?? anchor?.id;
      const pod = anchor && pinned === anchor.id ? inside.get(anchor.id) : undefined;
      if (!anchor || !pod || pod.ns === networks.host.ns) continue;
      if (pod.seen === null) {
        hidden.push({ view, path: pod.path });
        continue;
      }
      const loss = networkLoss(entry, pod.seen, networks.host.seen);
      seen.push({ view, entry, loss, at: anchor.at, ...bridgeOf(entry, loss, networks, cniCache) });
    }
    return { seen, hidden };
  },
);

function isJudged({ listed, pause }: SandboxView): boolean {
  if (listed?.state !== 'ready' || listed.provider) return false;
  if (pause?.comm === 'pause') return true;
  return ORDINARY.has(listed.runtimeHandler) && !/^(exe$|runsc)/.test(pause?.comm ?? '');
}

/** Milliseconds since it was made. */
function sandboxAge({ pause, listed }: SandboxView, host: HostFact): number {
  return pause ? ageOf(host, pause) : host.now - (listed?.createdAt ?? host.now);
}

/** The bridge that the result names beside the host end, where a plugin of the network uses one. */
function bridgeOf(
  { network, hostLinks }: CniCacheEntry,
  { end }: NetworkLoss,
  { host }: NetworksFact,
  { configs = [] }: CniCacheFact,
): Pick<PodAttachment, 'bridge' | 'bridgeLink'> {
  const plugins = configs.filter((c) => c.network === network).flatMap((c) => c.plugins);
  const isBridged = plugins.some((p) => p.type === 'bridge' || p.delegates?.includes('bridge'));
  if (!isBridged || !end || !host.seen) return { bridge: '', bridgeLink: null };
  const { named } = linksOf(host.seen.links);
  // A result may name other links of the node as well.
  const isBridge = (name: string) => name !== end.name && (named.get(name)?.kind ?? 'bridge') === 'bridge';
  const name = hostLinks.find(isBridge) ?? '';
  return { bridge: name, bridgeLink: named.get(name) ?? null };
}
