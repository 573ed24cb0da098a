import type { OwnerMeaning } from '../../model/owner-report.ts';
import { findPods } from '../find-pod.ts';
import type { PodView, Seen } from '../pod-view.ts';
import { byUid, idMeanings } from './by-id.ts';
import { ofPod, ownerContext } from './context.ts';
import { namespaceMeanings } from './namespaces.ts';
import { addressMeanings, linkMeanings, macMeanings } from './network.ts';
import { pathMeanings } from './paths.ts';
import { processMeanings } from './processes.ts';

const UID = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/;

/** Everything that a text may mean, and whose each of it is. Empty: nothing of that name was seen. */
export function ownersOf(seen: Seen, pods: readonly PodView[], text: string): OwnerMeaning[] {
  const context = ownerContext(seen, pods);
  return [
    ...processMeanings(context, text),
    ...namespaceMeanings(context, text),
    ...pathMeanings(context, text),
    ...macMeanings(context, text),
    ...addressMeanings(context, text),
    ...linkMeanings(context, text),
    ...idMeanings(context, text),
    ...uidMeanings(context, text),
    ...nameMeanings(pods, text),
  ];
}

function uidMeanings(context: ReturnType<typeof ownerContext>, text: string): OwnerMeaning[] {
  const known = UID.test(text) || context.pods.some((p) => p.meta?.uid === text && text !== '');
  return known ? byUid(context, { kind: 'uid', thing: `pod uid ${text}`, how: [] }, text, 'is of') : [];
}

/** Ids were looked for already. */
function nameMeanings(pods: readonly PodView[], text: string): OwnerMeaning[] {
  return findPods(pods, text)
    .filter((pod) => !pod.id.startsWith(text))
    .map((pod) => ofPod({ kind: 'pod', thing: `pod ${text}`, how: [] }, `is ${pod.title}`, pod));
}
