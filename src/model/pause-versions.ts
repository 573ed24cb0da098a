import { PAUSE_VERSIONS } from './pause-version-data.ts';
import type { PauseVersionsFact } from './pause-version-facts.ts';

/** The pause tag that kubeadm of this Kubernetes version wants; null where that is not known. */
export function kubeadmPause(
  version: string,
  { kubeadm }: Pick<PauseVersionsFact, 'kubeadm'> = PAUSE_VERSIONS,
): string | null {
  const minor = /^v?(1\.\d+)/.exec(version)?.[1];
  return minor !== undefined && Object.hasOwn(kubeadm, minor) ? (kubeadm[minor] ?? null) : null;
}

const PUBLIC = /^(?:registry\.k8s\.io|k8s\.gcr\.io)\/pause:([\w.-]+)$/;

/** The digest behind a reference to one of Kubernetes' own pauses; null for others, and for tags that we do not know. */
export function pauseDigest(
  reference: string,
  { digests }: Pick<PauseVersionsFact, 'digests'> = PAUSE_VERSIONS,
): string | null {
  const tag = PUBLIC.exec(reference)?.[1];
  return tag !== undefined && Object.hasOwn(digests, tag) ? (digests[tag] ?? null) : null;
}

/** Compares dotted version numbers by their leading numbers: negative when a is older. Suffixes are ignored. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i += 1) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}
