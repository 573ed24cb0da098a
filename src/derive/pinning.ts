import type { PauseVersionsFact } from '../model/facts.ts';
import { PAUSE_VERSIONS } from '../model/pause-version-data.ts';
import { compareVersions } from '../model/pause-versions.ts';

/** Does this runtime keep pinned images from kubelet's collection? */
export function canPin(
  runtime: string,
  version: string,
  { pinning }: Pick<PauseVersionsFact, 'pinning'> = PAUSE_VERSIONS,
): boolean {
  if (runtime !== 'containerd') return true;
  const minor = /\d+\.\d+/.exec(version)?.[0];
  const first = pinning.containerd.find((release) => release.startsWith(`${minor}.`));
  if (first !== undefined) return compareVersions(version, first) >= 0;
  return pinning.containerd.every((release) => compareVersions(version, release) > 0);
}
