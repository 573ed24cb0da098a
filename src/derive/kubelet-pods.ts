import type { PodOwnersFact, Sandbox } from '../model/facts.ts';

/**
 * Whether a sandbox's pod is known to whom lists the pods of this node. Null: nobody lists them. A static pod is known
 * by its manifest too, for its uid is a hash.
 */
export function isKnownPod(
  { pods, manifests }: PodOwnersFact,
  { uid, namespace, name }: Sandbox,
): boolean | null {
  if (pods === null) return null;
  return (
    pods.some((pod) => pod.uid === uid || pod.staticUid === uid) ||
    manifests.some((m) => m.namespace === namespace && (name === m.name || name.startsWith(`${m.name}-`)))
  );
}
