import type { Container, Facts, NetworksFact, Process } from '../model/facts.ts';
import type { NsId } from '../model/namespace.ts';
import { knownValue } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type Anchors, anchorsOf } from './anchors.ts';
import { pinsByPath } from './pins.ts';
import { initProcesses, runPath } from './process.ts';
import { isOwn, type SandboxView, sandboxName, sandboxViews } from './sandbox-view.ts';

/** What a run saw. */
export type Seen = Snapshot['facts'];

/** A container of a pod in any state. `unlisted`: a process alone says that it is there. */
export interface PodContainer {
  id: string;
  /** Of the list; else the beginning of its id. */
  name: string;
  attempt: number;
  state: Container['state'] | 'unlisted';
  listed: Container | null;
  /** Its first process, when that lives. */
  init: Process | null;
}

export interface PodAddress {
  address: string;
  /** Null where only libcni's cache tells the address. */
  prefix: number | null;
}

/** One pod of this node: a sandbox as all witnesses show it, with what belongs to it. */
export interface PodView extends SandboxView {
  /** `namespace/name`, with the attempt when it is not the first. */
  title: string;
  /** `unlisted`: the runtime's list lacks it. `unknown`: there was no list. */
  state: 'ready' | 'notready' | 'unlisted' | 'unknown';
  anchors: Anchors;
  /** It uses the node's network. Null: that cannot be told. */
  hostNetwork: boolean | null;
  /** Path of its network namespace's pin, as recorded; '' for none. */
  netnsPath: string;
  /** As the kernel has them, else as ADD gave them; null where neither could be seen. */
  addresses: PodAddress[] | null;
  containers: PodContainer[];
}

/** A fact's value, whole or in part; undefined when nothing was seen. */
export function factOf<N extends keyof Facts>(seen: Seen, name: N): Facts[N] | undefined {
  return knownValue(seen[name] as Parameters<typeof knownValue<Facts[N]>>[0]);
}

/** Every pod that any witness knows. What could not be seen is missing from it: look at the facts' status. */
export function podViews(seen: Seen): PodView[] {
  const processes = factOf(seen, 'processes') ?? [];
  const bundles = factOf(seen, 'bundles');
  const sandboxes = factOf(seen, 'sandboxes');
  const containers = factOf(seen, 'containers');
  const store = factOf(seen, 'store');
  const views = sandboxViews({
    processes,
    endpoints: factOf(seen, 'endpoints') ?? { chosen: null, candidates: [], traces: [] },
    ...(sandboxes ? { sandboxes } : {}),
    ...(containers ? { containers } : {}),
    ...(store ? { store } : {}),
    ...(bundles ? { bundles } : {}),
  });
  const inits = initProcesses(processes, bundles);
  const held = pinsByPath(factOf(seen, 'pins')?.pins ?? []);
  const stateDir = factOf(seen, 'runtime')?.stateDir ?? factOf(seen, 'runtimeConfig')?.stateDir ?? '';
  return views
    .filter((view) => isOfRuntime(view, stateDir))
    .map((view) => {
      const anchors = anchorsOf(view, held);
      const hostNetwork = usesHostNetwork(seen, view, anchors);
      return {
        ...view,
        title: sandboxName(view.id, view.meta),
        state: view.listed?.state ?? (seen.sandboxes?.status === 'complete' ? 'unlisted' : 'unknown'),
        anchors,
        hostNetwork,
        netnsPath: runPath(view.record?.netnsPath ?? view.bundle?.namespaces?.net ?? ''),
        addresses: hostNetwork ? [] : addressesOf(seen, view.id, anchors.get('net')?.id ?? null),
        containers: containersOf(view, containers ?? [], inits),
      };
    });
}

/** Bundles of another containerd on the node are not of the runtime that is looked at. */
function isOfRuntime(view: SandboxView, stateDir: string): boolean {
  const { listed, record, shim, members, bundle } = view;
  const known = listed !== null || record !== null || shim !== null || members.length > 0 || isOwn(view);
  return known || bundle === null || stateDir === '' || bundle.dir.startsWith(`${stateDir}/`);
}

/** The node's own network namespace; null where it could not be read. */
export function hostNetOf(seen: Seen): NsId | null {
  const host = factOf(seen, 'host');
  return host?.init.net ?? factOf(seen, 'networks')?.host.ns ?? host?.self.net ?? null;
}

function usesHostNetwork(seen: Seen, { record }: SandboxView, anchors: Anchors): boolean | null {
  const own = anchors.get('net')?.id;
  const host = hostNetOf(seen);
  if (own !== undefined && host !== null) return own === host;
  return record?.modes ? record.modes.net === 'node' : null;
}

/** Loopback and link-local addresses say nothing about a pod. */
function addressesOf(seen: Seen, id: string, net: NsId | null): PodAddress[] | null {
  const inside =
    networkOf(factOf(seen, 'networks'), net)?.seen ??
    factOf(seen, 'ownSandboxes')?.find((own) => own.id === id)?.inside;
  if (inside) {
    const loopback = new Set(inside.links.filter((l) => l.loopback).map((l) => l.index));
    return inside.addresses
      .filter((a) => !loopback.has(a.link) && !a.address.startsWith('fe80:'))
      .map(({ address, prefix }) => ({ address, prefix }));
  }
  const entries = factOf(seen, 'cniCache')?.entries.filter((e) => e.containerId === id && e.ifName !== 'lo');
  return entries?.flatMap((e) => e.addresses).map((address) => ({ address, prefix: null })) ?? null;
}

/** What is in a network namespace. */
export function networkOf(
  networks: NetworksFact | undefined,
  net: NsId | null,
): NetworksFact['host'] | undefined {
  if (!networks || net === null) return undefined;
  return networks.host.ns === net ? networks.host : networks.pods.find((p) => p.ns === net);
}

/** As listed, the oldest first, then those that only run: children of the sandbox's shim that no list names. */
function containersOf(
  view: SandboxView,
  listed: readonly Container[],
  inits: ReadonlyMap<string, Process>,
): PodContainer[] {
  const named = listed.filter((c) => c.sandboxId === view.id).sort((a, b) => a.createdAt - b.createdAt);
  const known = new Set([view.id, ...listed.map((c) => c.id)]);
  const unlisted = new Map(view.members.filter((m) => !known.has(m.id)).map((m) => [m.id, m.init]));
  for (const [id, init] of inits)
    if (view.shim && init.ppid === view.shim.pid && !known.has(id)) unlisted.set(id, init);
  return [
    ...named.map((container) => ({
      id: container.id,
      name: container.name,
      attempt: container.attempt,
      state: container.state,
      listed: container,
      init: inits.get(container.id) ?? null,
    })),
    ...[...unlisted].map(([id, init]) => ({
      id,
      name: id.slice(0, 13),
      attempt: 0,
      state: 'unlisted' as const,
      listed: null,
      init,
    })),
  ];
}
