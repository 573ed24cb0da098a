import type { KnownPod } from '../model/facts.ts';
import { dig, digText } from '../model/json-path.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const HASH = 'kubernetes.io/config.hash';

/**
 * Pods of a PodList as kubelet and the API server give it. Null for anything else, also when a single pod
 * has no uid or name: of a list that decides what belongs to nobody, no half is believed.
 */
export function parsePodList(text: string): KnownPod[] | null {
  const list = parse(text);
  const items = dig(list, 'items') ?? [];
  if (digText(list, 'kind') !== 'PodList' || !Array.isArray(items)) return null;
  const pods = items.map(podOf);
  return pods.every((pod) => pod !== null) ? pods : null;
}

function podOf(item: unknown): KnownPod | null {
  const uid = digText(item, 'metadata', 'uid');
  const name = digText(item, 'metadata', 'name');
  const namespace = digText(item, 'metadata', 'namespace');
  if (uid === null || name === null || namespace === null) return null;
  const note = (key: string) => digText(item, 'metadata', 'annotations', key);
  return {
    uid,
    namespace,
    name,
    phase: digText(item, 'status', 'phase') ?? 'Unknown',
    staticUid: note(MIRROR) ?? note(HASH) ?? '',
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
