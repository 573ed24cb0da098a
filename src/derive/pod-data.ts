import type { PodSummary } from '../model/inside.ts';
import { nsLink } from '../model/namespace.ts';
import { createdAt } from './find-pod.ts';
import type { PodContainer, PodView } from './pod-view.ts';

/** A pod as data; keys never come and go. */
export function podSummary(pod: PodView): PodSummary {
  const { id, title, meta, state, listed, pause, shim, anchors, hostNetwork, netnsPath, addresses } = pod;
  const net = anchors.get('net')?.id;
  const created = createdAt(pod);
  return {
    id,
    title,
    metadata: meta && { name: meta.name, namespace: meta.namespace, uid: meta.uid, attempt: meta.attempt },
    state,
    createdAt: created > 0 ? new Date(created).toISOString() : '',
    runtimeHandler: listed?.runtimeHandler ?? '',
    provider: listed?.provider ?? 'runtime',
    pause: pause && { pid: pause.pid, startTicks: pause.startTicks },
    shim: shim && { pid: shim.pid },
    netns: { id: net ? nsLink('net', net) : '', path: netnsPath, host: hostNetwork },
    addresses: addresses?.map(({ address, prefix }) => withPrefix(address, prefix)) ?? null,
    containers: pod.containers.map(containerSummary),
  };
}

export function containerSummary({ id, name, attempt, state, init, listed }: PodContainer) {
  return { id, name, attempt, state, pid: init?.pid ?? null, image: listed?.image ?? '' };
}

function withPrefix(address: string, prefix: number | null): string {
  return prefix === null ? address : `${address}/${prefix}`;
}
