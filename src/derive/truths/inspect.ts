import type { Process } from '../../model/facts.ts';
import type { InspectReport } from '../../model/truths.ts';
import { findPods } from '../find-pod.ts';
import { namespaceOwners } from '../namespace-owners.ts';
import { podSummary } from '../pod-data.ts';
import { factOf, type PodContainer, type PodView, type Seen } from '../pod-view.ts';
import { containerTruth, containerTruths } from './container.ts';
import { podTruths } from './pod.ts';
import { processTruths } from './process.ts';
import { unseenOf } from './words.ts';

/** What can be inspected. */
export type Inspected =
  | { kind: 'pod'; pod: PodView }
  | { kind: 'container'; pod: PodView; container: PodContainer }
  | { kind: 'process'; pod: PodView | null; container: PodContainer | null; process: Process };

const HEX = /^[0-9a-f]+$/;

/** What a text may mean: a pid; else a pod; else a container by `pod/name`, name or beginning of its id. */
export function findInspected(seen: Seen, pods: readonly PodView[], text: string): Inspected[] {
  const process = /^\d{1,10}$/.test(text)
    ? factOf(seen, 'processes')?.find((p) => p.pid === Number(text))
    : undefined;
  if (process) return [ofProcess(pods, process)];
  const found = findPods(pods, text);
  if (found.length > 0) return found.map((pod) => ({ kind: 'pod', pod }));
  const all = pods.flatMap((pod) => pod.containers.map((container) => ({ pod, container })));
  const fits = (test: (one: { pod: PodView; container: PodContainer }) => boolean): Inspected[] =>
    latest(all.filter(test)).map((one) => ({ kind: 'container', ...one }));
  const exact = fits(({ container }) => container.id === text);
  if (exact.length > 0) return exact;
  const slash = text.lastIndexOf('/');
  const inPod = slash < 0 ? [] : findPods(pods, text.slice(0, slash)).map((p) => p.id);
  const named = fits(
    ({ pod, container }) =>
      container.name === text || (inPod.includes(pod.id) && container.name === text.slice(slash + 1)),
  );
  if (named.length > 0) return named;
  return HEX.test(text) ? fits(({ container }) => container.id.startsWith(text)) : [];
}

/** Of several attempts of one container the running one is meant, else the last. */
function latest(found: readonly { pod: PodView; container: PodContainer }[]) {
  const groups = new Map<string, { pod: PodView; container: PodContainer }>();
  for (const one of found) {
    const key = JSON.stringify([one.pod.id, one.container.name]);
    const other = groups.get(key);
    const rank = ({ container: c }: { container: PodContainer }) =>
      (c.state === 'running' ? 1e6 : 0) + c.attempt;
    if (other === undefined || rank(one) > rank(other)) groups.set(key, one);
  }
  return [...groups.values()];
}

function ofProcess(pods: readonly PodView[], process: Process): Inspected {
  const id = process.containerId;
  const pod =
    pods.find((p) => p.id === id || p.shim?.pid === process.pid || p.containers.some((c) => c.id === id)) ??
    null;
  const container = pod?.containers.find((c) => c.id === id && id !== null) ?? null;
  return { kind: 'process', pod, container, process };
}

/** The truths about one thing, side by side. */
export function inspect(seen: Seen, pods: readonly PodView[], what: Inspected): InspectReport {
  const whose = namespaceOwners(seen, pods);
  const { pod } = what;
  const rest = { pod: pod && podSummary(pod), unseen: unseenOf(seen) };
  switch (what.kind) {
    case 'pod':
      return {
        thing: { kind: 'pod', id: what.pod.id, title: what.pod.title },
        truths: [
          ...podTruths(seen, what.pod),
          ...what.pod.containers.map((c) => containerTruth(seen, what.pod, c, whose)),
        ],
        ...rest,
      };
    case 'container':
      return {
        thing: {
          kind: 'container',
          id: what.container.id,
          title: `${what.pod.title}/${what.container.name}`,
        },
        truths: containerTruths(seen, what.pod, what.container, whose),
        ...rest,
      };
    case 'process':
      return {
        thing: { kind: 'process', id: String(what.process.pid), title: processTitle(what) },
        truths: processTruths(seen, what.pod, what.container, what.process, whose),
        ...rest,
      };
  }
}

function processTitle({ process, pod, container }: Extract<Inspected, { kind: 'process' }>): string {
  const owner = container ? `${pod?.title}/${container.name}` : (pod?.title ?? 'the node');
  return `${process.pid} ${process.comm} of ${owner}`;
}
