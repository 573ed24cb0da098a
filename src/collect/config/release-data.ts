import { compareReleases, type Release, releaseOf } from './release.ts';

/**
 * What differs between releases, read in the sources of containerd and CRI-O (release tags) as of
 * 2026-08-22. Later releases than the last ones named here have no known default.
 */

/** First release with each default, oldest first. */
const CONTAINERD_DEFAULTS: readonly (readonly [since: string, image: string])[] = [
  ['1.3.0', 'k8s.gcr.io/pause:3.1'],
  ['1.4.0', 'k8s.gcr.io/pause:3.2'],
  ['1.5.0', 'k8s.gcr.io/pause:3.5'],
  ['1.5.14', 'registry.k8s.io/pause:3.5'],
  ['1.6.0', 'k8s.gcr.io/pause:3.6'],
  ['1.6.9', 'registry.k8s.io/pause:3.6'],
  ['1.7.0', 'registry.k8s.io/pause:3.8'],
  ['2.0.0', 'registry.k8s.io/pause:3.10'],
  ['2.2.0', 'registry.k8s.io/pause:3.10.1'],
  ['2.3.0', 'registry.k8s.io/pause:3.10.2'],
];
const LAST_CONTAINERD = '2.4';

const CRIO_DEFAULTS: readonly (readonly [since: string, image: string])[] = [
  ['1.16.0', 'k8s.gcr.io/pause:3.1'],
  ['1.18.0', 'k8s.gcr.io/pause:3.2'],
  ['1.21.0', 'k8s.gcr.io/pause:3.5'],
  ['1.23.0', 'k8s.gcr.io/pause:3.6'],
  ['1.24.0', 'registry.k8s.io/pause:3.6'],
  ['1.27.1', 'registry.k8s.io/pause:3.9'],
  ['1.31.0', 'registry.k8s.io/pause:3.10'],
  ['1.34.0', 'registry.k8s.io/pause:3.10.1'],
];
const LAST_CRIO = '1.37';

/** How a release of containerd reads its configuration. */
export interface ContainerdRules {
  /**
   * `replace`: 1.x, a later file's plugin table replaces the whole table.
   * `merge`: 2.0 to 2.2, nested keys merge, then the result is migrated if its version is below 3.
   * `migrate`: from 2.3, each file is migrated to version 4 by itself, then nested keys merge.
   */
  style: 'replace' | 'merge' | 'migrate';
  /** Highest config version it starts with; Infinity where it never looked. */
  highestVersion: number;
  /** Are relative imports with `*` relative to the importing file, or to the working folder? */
  relativeGlobs: boolean;
  /** Refuses an import of a higher version than the main file's. */
  refusesHigherImports: boolean;
}

export function containerdRules(release: Release): ContainerdRules {
  const from = (version: string) => compareReleases(release, releaseOf(version)) >= 0;
  const since16or17 = (in16: string, in17: string) => from(in17) || (from(in16) && !from('1.7.0'));
  if (from('2.3.0')) {
    const refuses = !from('2.3.5') || (from('2.4.0') && release.pre);
    return { style: 'migrate', highestVersion: 4, relativeGlobs: true, refusesHigherImports: refuses };
  }
  if (from('2.0.0')) {
    return { style: 'merge', highestVersion: 3, relativeGlobs: true, refusesHigherImports: false };
  }
  return {
    style: 'replace',
    highestVersion: since16or17('1.6.32', '1.7.17') ? 2 : Number.POSITIVE_INFINITY,
    relativeGlobs: since16or17('1.6.29', '1.7.16'),
    refusesHigherImports: false,
  };
}

/** One release of each style: what to try when the release is not known. */
export const OLDER_CONTAINERD = ['1.7.34', '2.2.7'].map(releaseOf);
export const NEWEST_CONTAINERD = releaseOf('2.4.0');

/** Sandbox image that this release uses when no file says; null when it is not known. */
export function containerdDefault(release: Release | null): string | null {
  return release && defaultOf(release, CONTAINERD_DEFAULTS, LAST_CONTAINERD);
}

export function crioDefault(release: Release | null): string | null {
  return release && defaultOf(release, CRIO_DEFAULTS, LAST_CRIO);
}

/** CRI-O before 1.22 kept every pause container. */
export function crioDropsInfra(release: Release | null): boolean {
  return release === null || compareReleases(release, releaseOf('1.22.0')) >= 0;
}

function defaultOf(
  release: Release,
  table: readonly (readonly [since: string, image: string])[],
  last: string,
): string | null {
  const end = releaseOf(`${last}.0`);
  if (release.major !== end.major || release.minor > end.minor) {
    if (compareReleases(release, end) > 0) return null;
  }
  const row = table.findLast(([since]) => compareReleases(release, releaseOf(since)) >= 0);
  return row?.[1] ?? null;
}
