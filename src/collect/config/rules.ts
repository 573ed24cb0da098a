import type { IgnoredKey } from '../../model/facts.ts';
import type { Place } from '../../model/sandbox-image-keys.ts';
import { tableAt, valueAt } from '../../model/toml-value.ts';
import type { ContainerdRules } from './release-data.ts';
import {
  type ContainerdFile,
  CRI_TABLES,
  ignoredKey,
  imageKey,
  NETNS_KEY,
  type Statement,
} from './statements.ts';

/** What containerd makes of its files. */
export interface Resolved {
  /** The statement that counts; null when the built-in default does. */
  image: Statement | null;
  ignored: IgnoredKey[];
  netnsUnderState: boolean;
  /** Config version of the whole, and the file that set it. */
  version: number;
  versionFrom: ContainerdFile | null;
}

/** Applies the rules of a release to files in load order. Assumes that each of them can be read. */
export function resolve(files: readonly ContainerdFile[], rules: ContainerdRules): Resolved {
  if (rules.style === 'replace') return replaceTables(files);
  return rules.style === 'merge' ? mergeThenMigrate(files) : migrateThenMerge(files);
}

/** 1.x: the last file that declares a version decides how tables are called; each table comes from one file. */
function replaceTables(files: readonly ContainerdFile[]): Resolved {
  const versionFrom = files.findLast((file) => file.version > 0) ?? null;
  const version = versionFrom?.version ?? 1;
  const place: Place = version === 1 ? 'v1' : 'v2';
  const ignored: IgnoredKey[] = [];
  let image: Statement | null = null;
  let netnsUnderState = false;
  for (const { toml, stated } of files) {
    for (const other of Object.values(stated)) {
      if (other.place === place) continue;
      ignored.push(ignoredKey(other, 'wrong-version', null, imageKey(place)));
    }
    const table = tableAt(toml.table, CRI_TABLES[place]);
    if (table === undefined) continue;
    const own = stated[place] ?? null;
    if (image) ignored.push(ignoredKey(image, own ? 'overridden' : 'table-replaced', toml.path));
    image = own;
    netnsUnderState = valueAt(table, [NETNS_KEY]) === true;
  }
  return { image, ignored, netnsUnderState, version, versionFrom };
}

/**
 * 2.0 to 2.2: a file of version 1 takes on the version so far, only its table being renamed; the others
 * merge as they are, and the last version declared is that of the whole. Below 3 the whole is migrated,
 * and then the version 2 key beats the version 3 key wherever they stood.
 */
function mergeThenMigrate(files: readonly ContainerdFile[]): Resolved {
  let version = 3;
  let versionFrom: ContainerdFile | null = null;
  const old: { statement: Statement; convertedAlready: boolean }[] = [];
  const current: Statement[] = [];
  const ignored: IgnoredKey[] = [];
  for (const file of files) {
    const { v1, v2, v3 } = file.stated;
    const converted = file.version < 2;
    if (!converted) {
      version = file.version;
      versionFrom = file;
    }
    const honoured = v2 ?? (converted ? v1 : undefined);
    if (honoured) {
      old.push({ statement: honoured, convertedAlready: version > 2 && (converted || file.version > 2) });
    }
    if (v1 && v1 !== honoured) {
      ignored.push(ignoredKey(v1, 'wrong-version', null, imageKey(version > 2 ? 'v3' : 'v2')));
    }
    if (v3) current.push(v3);
  }
  const migrates = version < 3;
  const image = (migrates ? old.at(-1)?.statement : undefined) ?? current.at(-1) ?? null;
  for (const { statement, convertedAlready } of old) {
    if (statement === image) continue;
    if (migrates) ignored.push(ignoredKey(statement, 'overridden', image?.file ?? null));
    else if (convertedAlready) ignored.push(ignoredKey(statement, 'wrong-version', null, imageKey('v3')));
    else ignored.push(ignoredKey(statement, 'not-migrated', versionFrom?.toml.path ?? null, imageKey('v3')));
  }
  for (const statement of current) {
    if (statement !== image) ignored.push(ignoredKey(statement, 'overridden', image?.file ?? null));
  }
  const netnsUnderState =
    lastTruth(files, ['v3']) ?? (migrates ? lastTruth(files, ['v2', 'v1']) : undefined) ?? false;
  return { image, ignored, netnsUnderState, version, versionFrom };
}

/** From 2.3: each file is migrated to version 4 before it is merged; only a version 4 file has lost keys. */
function migrateThenMerge(files: readonly ContainerdFile[]): Resolved {
  const ignored: IgnoredKey[] = [];
  const honoured: Statement[] = [];
  let netnsUnderState = false;
  for (const file of files) {
    const { v1, v2, v3 } = file.stated;
    const old = file.version > 3 ? undefined : (v2 ?? (file.version < 2 ? v1 : undefined));
    const own = old ?? v3;
    for (const other of [v1, v2, v3]) {
      if (other === undefined || other === own) continue;
      const lost = other.place === 'v3' ? 'overridden' : 'wrong-version';
      const lostTo = lost === 'overridden' ? file.toml.path : null;
      ignored.push(ignoredKey(other, lost, lostTo, lost === 'overridden' ? null : imageKey('v3')));
    }
    if (own) honoured.push(own);
    const places: Place[] = file.version > 3 ? ['v3'] : ['v3', 'v2', 'v1'];
    netnsUnderState = lastTruth([file], places) ?? netnsUnderState;
  }
  const image = honoured.at(-1) ?? null;
  for (const statement of honoured) {
    if (statement !== image) ignored.push(ignoredKey(statement, 'overridden', image?.file ?? null));
  }
  const versionFrom = files.find((file) => file.version > 4) ?? null;
  return { image, ignored, netnsUnderState, version: versionFrom?.version ?? 4, versionFrom };
}

/** The last truth value at the first of the places that has one; the version 1 table counts in version 1 files. */
function lastTruth(files: readonly ContainerdFile[], places: readonly Place[]): boolean | undefined {
  for (const place of places) {
    const values = files
      .filter((file) => place !== 'v1' || file.version < 2)
      .map((file) => valueAt(file.toml.table, [...CRI_TABLES[place], NETNS_KEY]));
    const last = values.findLast((value) => typeof value === 'boolean');
    if (typeof last === 'boolean') return last;
  }
  return undefined;
}
