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

/** The label by which containerd knows a pinned image. */
export const PIN_LABEL = { key: 'io.cri-containerd.pinned', value: 'pinned' } as const;

/** A label that was meant to pin and does not: a key much like the right one, or its key with another value. */
export function nearMissPin(labels: Readonly<Record<string, string>>): { key: string; value: string } | null {
  const right = labels[PIN_LABEL.key];
  if (right === PIN_LABEL.value) return null;
  if (right !== undefined && right !== '') return { key: PIN_LABEL.key, value: right };
  const near = Object.entries(labels).find(([key]) => {
    const letters = key.toLowerCase().replace(/[^a-z]/g, '');
    return /cri/.test(letters) && /pin(ned)?$/.test(letters);
  });
  return near ? { key: near[0], value: near[1] } : null;
}
