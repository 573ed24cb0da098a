import type { ConfigValue, IgnoredKey } from '../../model/facts.ts';
import { IMAGE_PATHS, type Place } from '../../model/sandbox-image-keys.ts';
import { type Kind, keyName, textAt, valueAt, wrongKind } from '../../model/toml-value.ts';
import type { TomlFile } from './toml-file.ts';

/** A sandbox image as some file states it. */
export interface Statement {
  place: Place;
  key: string;
  value: string;
  file: string;
  line: number | null;
}

/** A file of containerd's and what it says that matters here. */
export interface ContainerdFile {
  toml: TomlFile;
  /** As declared; 0 when there is none. */
  declared: number;
  /** The same, but 0 where containerd refuses the file. */
  version: number;
  stated: Partial<Record<Place, Statement>>;
}

export const CRI_TABLES = {
  v1: ['plugins', 'cri'],
  v2: ['plugins', 'io.containerd.grpc.v1.cri'],
  v3: ['plugins', 'io.containerd.cri.v1.runtime'],
} as const;

export const NETNS_KEY = 'netns_mounts_under_state_dir';

const PLACES: readonly Place[] = ['v1', 'v2', 'v3'];

const KINDS: readonly (readonly [readonly string[], Kind])[] = [
  [['version'], 'number'],
  [['imports'], 'texts'],
  [['root'], 'text'],
  [['state'], 'text'],
  [['grpc', 'address'], 'text'],
  ...PLACES.map((place) => [IMAGE_PATHS[place], 'text'] as const),
  ...Object.values(CRI_TABLES).map((table) => [[...table, NETNS_KEY], 'truth'] as const),
];

/** Highest config version that any containerd reads. */
const KNOWN_VERSION = 4;

/** Takes out of a parsed file what matters, and puts an error on it for values that containerd refuses. */
export function readStatements(toml: TomlFile): ContainerdFile {
  const wrong = wrongKind(toml.table, KINDS);
  if (wrong !== null) setError(toml, wrong.message, wrong.path);
  const number = Number(valueAt(toml.table, ['version']) ?? 0);
  const declared = Number.isSafeInteger(number) ? number : 0;
  if (number < 0 || number > KNOWN_VERSION) {
    const known = `containerd knows 1 to ${KNOWN_VERSION}`;
    setError(toml, `version ${number} is not known: ${known}`, ['version']);
  }
  const stated: ContainerdFile['stated'] = {};
  for (const place of PLACES) {
    const path = IMAGE_PATHS[place];
    const value = textAt(toml.table, path);
    if (value === undefined) continue;
    stated[place] = { place, key: keyName(path), value, file: toml.path, line: toml.lineOf(path) };
  }
  return { toml, declared, version: toml.error === null ? declared : 0, stated };
}

/** Puts an error on a file, at the line of a key; the first one stays. */
export function setError(toml: TomlFile, message: string, path: readonly string[]): void {
  toml.error ??= { message, line: toml.lineOf(path), column: null };
}

/** How the sandbox image is called at a place. */
export function imageKey(place: Place): string {
  return keyName(IMAGE_PATHS[place]);
}

/** What the main file says, at the place that fits its version first. */
export function mainStatement(main: ContainerdFile | undefined): ConfigValue | null {
  if (main === undefined) return null;
  const { v1, v2, v3 } = main.stated;
  const order = main.version > 2 ? [v3, v2, v1] : main.version === 2 ? [v2, v3, v1] : [v1, v2, v3];
  const found = order.find((statement) => statement !== undefined);
  return found ? asValue(found) : null;
}

export function asValue({ value, file, line }: Statement): ConfigValue {
  return { value, file, line, origin: 'file' };
}

/** A statement that is not honoured. */
export function ignoredKey(
  { key, value, file, line }: Statement,
  reason: IgnoredKey['reason'],
  by: string | null,
  insteadKey: string | null = null,
): IgnoredKey {
  return { file, line, key, value, reason, by, insteadKey };
}
