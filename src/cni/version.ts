/** Versions of the CNI specification that are spoken here, oldest first. */
export const CNI_VERSIONS = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const;

export type CniVersion = (typeof CNI_VERSIONS)[number];

/** A configuration that names no version has the first. */
export const FIRST_VERSION: CniVersion = '0.1.0';

export function isKnownVersion(text: unknown): text is CniVersion {
  return CNI_VERSIONS.some((version) => version === text);
}

export function isAtLeast(version: CniVersion, other: CniVersion): boolean {
  return CNI_VERSIONS.indexOf(version) >= CNI_VERSIONS.indexOf(other);
}

/** The known ones of a list, each once, oldest first. */
export function knownVersions(list: readonly string[]): CniVersion[] {
  return CNI_VERSIONS.filter((version) => list.includes(version));
}
