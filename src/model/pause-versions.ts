/**
 * Which pause each kubeadm minor wants (PauseVersion in its constants), as of November 2026.
 * The last row rests on one downstream source.
 */
const KUBEADM_PAUSE: readonly { from: number; to: number; pause: string }[] = [
  { from: 18, to: 20, pause: '3.2' },
  { from: 21, to: 21, pause: '3.4.1' },
  { from: 22, to: 22, pause: '3.5' },
  { from: 23, to: 23, pause: '3.6' },
  { from: 24, to: 24, pause: '3.7' },
  { from: 25, to: 25, pause: '3.8' },
  { from: 26, to: 30, pause: '3.9' },
  { from: 31, to: 33, pause: '3.10' },
  { from: 34, to: 35, pause: '3.10.1' },
  { from: 36, to: 36, pause: '3.10.2' },
];

/** The pause tag that kubeadm of this Kubernetes version wants; null where that is not known. */
export function kubeadmPause(version: string): string | null {
  const minor = /^v?1\.(\d+)/.exec(version)?.[1];
  if (minor === undefined) return null;
  const n = Number(minor);
  return KUBEADM_PAUSE.find(({ from, to }) => n >= from && n <= to)?.pause ?? null;
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
