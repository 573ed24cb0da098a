import { compareReleases, type Release, releaseOf } from './release.ts';

/** What differs between releases, read in the sources of containerd and CRI-O (release tags) as of 2026-08-22. */

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

/** CRI-O before 1.22 kept every pause container. */
export function crioDropsInfra(release: Release | null): boolean {
  return release === null || compareReleases(release, releaseOf('1.22.0')) >= 0;
}

/** Sandbox images that a runtime uses when no file says, by the first release with each. */
export type DefaultImages = Readonly<Record<string, string>>;

/** The one of this release; null when it is not known, as of minors after the last one of the table. */
export function defaultImage(table: DefaultImages, release: Release | null): string | null {
  if (release === null) return null;
  const rows = Object.entries(table)
    .map(([since, image]) => ({ since: releaseOf(since), image }))
    .sort((a, b) => compareReleases(a.since, b.since));
  const end = rows.at(-1)?.since;
  if (!end || compareReleases({ ...release, patch: 0 }, { ...end, patch: 0 }) > 0) return null;
  return rows.findLast(({ since }) => compareReleases(release, since) >= 0)?.image ?? null;
}
