import { NS_TYPES, type NsId, type NsType } from '../model/namespace.ts';
import { factOf, hostNetOf, type PodView, type Seen } from './pod-view.ts';

/** Whose a namespace is, in words: `the node`, a pod's title; '' where nobody is known to own it. */
export type WhoseNamespace = (type: NsType, id: NsId) => string;

/** Namespaces of the node and of every pod's anchor. */
export function namespaceOwners(seen: Seen, pods: readonly PodView[]): WhoseNamespace {
  const owners = new Map<string, string>();
  for (const pod of pods) for (const [type, { id }] of pod.anchors) owners.set(`${type} ${id}`, pod.title);
  // The node's last: pods with hostNetwork are in them too.
  for (const [type, id] of nodeNamespaces(seen)) owners.set(`${type} ${id}`, THE_NODE);
  return (type, id) => owners.get(`${type} ${id}`) ?? '';
}

const THE_NODE = 'the node';

function nodeNamespaces(seen: Seen): [NsType, NsId][] {
  const host = factOf(seen, 'host');
  return NS_TYPES.flatMap((type) => {
    const id = type === 'net' ? hostNetOf(seen) : (host?.init[type] ?? host?.self[type]);
    return id ? [[type, id] as [NsType, NsId]] : [];
  });
}
