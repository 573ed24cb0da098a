import type { Bundle, Process } from '../model/facts.ts';
import type { Differing, PodTree, ProcessNode } from '../model/inside.ts';
import { NS_TYPES, type NsId, type NsType, nsLink } from '../model/namespace.ts';
import { SHARED_WITH_SANDBOX } from './anchors.ts';
import { namespaceOwners, type WhoseNamespace } from './namespace-owners.ts';
import { containerSummary, podSummary } from './pod-data.ts';
import { factOf, type PodContainer, type PodView, type Seen } from './pod-view.ts';
import { isAlive } from './process.ts';

/** Sandbox, pause, containers and processes of a pod, with the namespaces that differ. */
export function podTree(seen: Seen, pods: readonly PodView[], pod: PodView): PodTree {
  const processes = (factOf(seen, 'processes') ?? []).filter(isAlive);
  const whose = namespaceOwners(seen, pods);
  const nodes = (id: string, init: Process | null) =>
    forest(
      processes.filter((p) => p.containerId === id),
      init,
      whose,
    );
  return {
    ...podSummary(pod),
    namespaces: links(Object.fromEntries([...pod.anchors].map(([type, { id }]) => [type, id]))),
    pauseProcesses: nodes(pod.id, pod.pause),
    containers: pod.containers.map((container) => ({
      ...containerSummary(container),
      ...differencesOf(seen, pod, container, whose),
      processes: nodes(container.id, container.init),
    })),
    strangers: strangersOf(pod, processes).map((p) => ({
      ...node(p, [], null, whose),
      of: containerTitle(pods, p.containerId),
    })),
  };
}

/** The namespaces of a container's first process against its sandbox's. */
export function differencesOf(
  seen: Seen,
  pod: PodView,
  { id, init }: PodContainer,
  whose: WhoseNamespace,
): { differs: Differing[]; judged: boolean } {
  const bundle = factOf(seen, 'bundles')?.find((b) => b.id === id);
  const types = comparedTypes(pod, bundle).filter((type) => pod.anchors.has(type));
  if (!init) return { differs: [], judged: false };
  return {
    differs: types.flatMap((type) => {
      const ns = init.ns[type];
      return ns === null || ns === pod.anchors.get(type)?.id
        ? []
        : [{ type, ns: nsLink(type, ns), whose: whose(type, ns) }];
    }),
    judged: types.length > 0 && types.every((type) => init.ns[type] !== null),
  };
}

/** A shared PID namespace counts where the container was made to join one. */
function comparedTypes({ record }: PodView, bundle: Bundle | undefined): NsType[] {
  const sharesPid = record?.modes?.pid === 'pod' && (bundle?.namespaces?.pid ?? '') !== '';
  return [...SHARED_WITH_SANDBOX, ...(sharesPid ? (['pid'] as const) : [])];
}

/** Processes as trees, the one of `init` first: what was brought in with exec has no parent among them. */
function forest(processes: readonly Process[], init: Process | null, whose: WhoseNamespace): ProcessNode[] {
  const pids = new Set(processes.map((p) => p.pid));
  const roots = processes.filter((p) => p.pid === init?.pid || !pids.has(p.ppid));
  const ordered = [...roots].sort((a, b) => Number(b.pid === init?.pid) - Number(a.pid === init?.pid));
  const grow = (one: Process): ProcessNode =>
    node(
      one,
      processes.filter((p) => p.ppid === one.pid && p.pid !== init?.pid && p.pid !== one.pid).map(grow),
      init,
      whose,
    );
  return ordered.map(grow);
}

function node(
  { pid, comm, state, ns }: Process,
  children: ProcessNode[],
  init: Process | null,
  whose: WhoseNamespace,
): ProcessNode {
  const left = init === null ? [] : NS_TYPES.filter((t) => ns[t] !== null && init.ns[t] !== null);
  return {
    pid,
    comm,
    state,
    namespaces: links(ns),
    differs: left.flatMap((type) => {
      const id = ns[type];
      return id === null || id === init?.ns[type]
        ? []
        : [{ type, ns: nsLink(type, id), whose: whose(type, id) }];
    }),
    children,
  };
}

/** `namespace/pod/container`, or the pod's title for its pause; '' for what belongs to no pod. */
export function containerTitle(pods: readonly PodView[], id: string | null): string {
  const pod = pods.find((p) => p.id === id || p.containers.some((c) => c.id === id));
  const container = pod?.containers.find((c) => c.id === id);
  return container ? `${pod?.title}/${container.name}` : (pod?.title ?? '');
}

function links(ids: Partial<Record<NsType, NsId | null>>): ProcessNode['namespaces'] {
  return Object.fromEntries(
    NS_TYPES.flatMap((type) => {
      const id = ids[type];
      return id ? [[type, nsLink(type, id)]] : [];
    }),
  );
}

function strangersOf(pod: PodView, processes: readonly Process[]): Process[] {
  const net = pod.anchors.get('net')?.id;
  if (net === undefined || pod.hostNetwork !== false) return [];
  const own = new Set<string | null>([pod.id, ...pod.containers.map((c) => c.id)]);
  return processes.filter((p) => p.ns.net === net && !own.has(p.containerId) && p.pid !== pod.shim?.pid);
}
