import type { Refusal, RemedyRequest } from '../remedy.ts';
import { knownOrNot } from './known.ts';

/** What kubelet's side says of a pod. `silent`: nobody can be asked; `why` says so. */
export type KubeletWord = { says: 'known' | 'unknown' } | { says: 'silent'; why: string };

/** `uid` null: whose it is cannot be told, so nobody can disown it. */
export function kubeletOn(request: RemedyRequest, uid: string | null): KubeletWord {
  if (request.assumeNoKubelet || request.force.includes('kubelet-silent')) return { says: 'unknown' };
  const owners = knownOrNot(request, 'podOwners');
  if (!owners) return { says: 'silent', why: 'which pods belong on this node cannot be seen' };
  const { folders, pods, kubelet, why } = owners;
  if (folders === null && pods === null) {
    const cause = kubelet === 'none' ? 'no kubelet is on this node' : why || 'kubelet shows no pods';
    return { says: 'silent', why: cause };
  }
  if (uid === null) return { says: 'silent', why: 'its pod is not known' };
  const isKnown =
    folders?.some((folder) => folder.uid === uid) ||
    pods?.some((pod) => pod.uid === uid || pod.staticUid === uid);
  return { says: isKnown ? 'known' : 'unknown' };
}

export function kubeletSilent(why: string): { refusal: Refusal } {
  return {
    refusal: {
      name: 'kubelet-silent',
      reason: `whether kubelet still wants it is not known: ${why}`,
      surer: 'start kubelet, or --assume-no-kubelet on a node that has none',
    },
  };
}

/** Folder of kubelet's pods, by what was seen of it. */
export function podsFolder(request: RemedyRequest): string {
  const [first] = knownOrNot(request, 'podOwners')?.folders ?? [];
  return first ? first.path.slice(0, -first.uid.length - 1) : '/var/lib/kubelet/pods';
}
