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

/** Digests of the indexes that registry.k8s.io serves for tags of pause: what has one of them is that pause. */
const PAUSE_DIGESTS: Readonly<Record<string, string>> = {
  '3.5': 'sha256:1ff6c18fbef2045af6b9c16bf034cc421a29027b800e4f9b68ae9b1cb3e9ae07',
  '3.6': 'sha256:3d380ca8864549e74af4b29c10f9cb0956236dfb01c40ca076fb6c37253234db',
  '3.9': 'sha256:7031c1b283388d2c2e09b57badb803c05ebed362dc88d84b480cc47f72a21097',
  '3.10': 'sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a',
  '3.10.1': 'sha256:278fb9dbcca9518083ad1e11276933a2e96f23de604a3a08cc3c80002767d24c',
};
const PUBLIC = /^(?:registry\.k8s\.io|k8s\.gcr\.io)\/pause:([\w.-]+)$/;

/** The digest behind a reference to one of Kubernetes' own pauses; null for others, and for tags that we do not know. */
export function pauseDigest(reference: string): string | null {
  const tag = PUBLIC.exec(reference)?.[1];
  return tag !== undefined && Object.hasOwn(PAUSE_DIGESTS, tag) ? (PAUSE_DIGESTS[tag] ?? null) : null;
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
