import type { PodView } from './pod-view.ts';

/** Digits of an id, as crictl takes them. */
const HEX = /^[0-9a-f]+$/;

/**
 * The pods that a text may mean: by full id, `namespace/name`, name, or the beginning of an id, the first of
 * these that fits any. Of several sandboxes of one pod the ready one is meant, else the newest.
 */
export function findPods(pods: readonly PodView[], text: string): PodView[] {
  const byName = (wanted: (pod: PodView) => boolean) => oneOfEach(pods.filter(wanted));
  const exact = pods.filter((p) => p.id === text);
  if (exact.length > 0) return exact;
  const named = byName(({ meta }) => meta !== null && `${meta.namespace}/${meta.name}` === text);
  if (named.length > 0) return named;
  const short = byName(({ meta }) => meta?.name === text);
  if (short.length > 0) return short;
  return HEX.test(text) ? pods.filter((p) => p.id.startsWith(text)) : [];
}

/** Kubelet keeps the last dead sandbox of a pod beside the live one. */
function oneOfEach(pods: readonly PodView[]): PodView[] {
  const groups = new Map<string, PodView>();
  for (const pod of pods) {
    const key = JSON.stringify([pod.meta?.namespace, pod.meta?.name]);
    const other = groups.get(key);
    if (other === undefined || isMeantBefore(pod, other)) groups.set(key, pod);
  }
  return [...groups.values()];
}

function isMeantBefore(a: PodView, b: PodView): boolean {
  if ((a.state === 'ready') !== (b.state === 'ready')) return a.state === 'ready';
  return createdAt(a) > createdAt(b);
}

/** Milliseconds since 1970 as listed or recorded; 0 where nobody tells. */
export function createdAt({ listed, record }: PodView): number {
  return listed?.createdAt ?? record?.createdAt ?? 0;
}
