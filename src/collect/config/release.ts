import type { ReadHost } from '../../host/read-host.ts';

/** A release of a runtime. `pre`: a beta or candidate, or a distribution's own suffix. */
export interface Release {
  major: number;
  minor: number;
  patch: number;
  pre: boolean;
}

const NONE: Release = { major: 0, minor: 0, patch: 0, pre: false };

/** The release in a version text such as `v1.7.24`, `1.6.20~ds1` or `2.4.0-beta.0`; null when there is none. */
export function parseRelease(version: string): Release | null {
  const found = /^v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(-(?:alpha|beta|rc)\b)?/.exec(version.trim());
  if (found === null) return null;
  const [, major, minor, patch, pre] = found;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), pre: pre !== undefined };
}

/** For constants of ours. */
export function releaseOf(version: string): Release {
  return parseRelease(version) ?? NONE;
}

/** Below, at or above zero; betas count as their release. */
export function compareReleases(a: Release, b: Release): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

const SAYS = {
  containerd: /^containerd\s+\S+\s+(\S+)/,
  crio: /^crio version\s+(\S+)/,
  kubelet: /^Kubernetes v(\d\S*)/,
};

/**
 * Asks a program of the node for its version. Only one that root owns and nobody else can write is run;
 * null when there is none such or it does not say. Below another root programs are read, not run.
 */
export async function askVersion(
  host: ReadHost,
  program: keyof typeof SAYS,
  files: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  if (host.root !== '') return readVersion(host, program, files);
  for (const file of files) {
    if (!isTrusted(host, file)) continue;
    try {
      const { stdout } = await host.run(file, ['--version'], { timeoutMs: 3000, signal, maxOutput: 4096 });
      const said = SAYS[program].exec(stdout)?.[1];
      if (said !== undefined) return said;
    } catch {
      // One that cannot be run from here has no version to tell.
    }
  }
  return null;
}

async function readVersion(
  host: ReadHost,
  program: keyof typeof SAYS,
  files: readonly string[],
): Promise<string | null> {
  const { versionOnDisk } = await import('../on-disk/program-version.ts');
  return files.map((file) => versionOnDisk(host, program, file)).find((version) => version !== null) ?? null;
}

function isTrusted(host: ReadHost, program: string): boolean {
  try {
    const stat = host.stat(program, { follow: true });
    return stat.type === 'file' && stat.uid === 0 && (stat.mode & 0o022) === 0;
  } catch {
    return false;
  }
}
