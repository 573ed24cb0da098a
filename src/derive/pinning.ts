import { compareVersions } from '../model/pause-versions.ts';

/** First versions in which containerd knows pinned images, by release line. */
const FIRST_PINNING = ['1.6.22', '1.7.3'];

/** Does this runtime keep pinned images from kubelet's collection? */
export function canPin(runtime: string, version: string): boolean {
  if (runtime !== 'containerd') return true;
  const line = FIRST_PINNING.find((first) => first.startsWith(version.split('.').slice(0, 2).join('.')));
  return compareVersions(version, line ?? '1.7.3') >= 0;
}
