import { createHash } from 'node:crypto';
import { problemOf, type ReadHost } from '../../host/read-host.ts';
import type { ConfigFile } from '../../model/facts.ts';
import type { Problem } from '../../model/outcome.ts';
import { tomlEntries } from '../../model/toml-lines.ts';
import { isTable, type Table, valueAt } from '../../model/toml-value.ts';

export type FileError = NonNullable<ConfigFile['error']>;

/** A TOML file as read: its table, and where its keys stand. */
export interface TomlFile {
  path: string;
  mtime: number;
  sha256: string;
  /** False when it could not be read or is no TOML; the table is empty then. */
  parsed: boolean;
  table: Table;
  error: FileError | null;
  /** Why it could not be read at all, as opposed to not parsed. */
  unread: Problem | null;
  /** Line of a key; null unless the key that stands there has the value that was parsed. */
  lineOf(path: readonly string[]): number | null;
}

/** Reads and parses a file of an administrator's. Never throws: what went wrong is in `error`. */
export async function readToml(host: ReadHost, path: string): Promise<TomlFile> {
  let text: string;
  let mtime: number;
  try {
    text = host.readFile(path, { follow: true });
    mtime = host.stat(path, { follow: true }).mtime;
  } catch (error) {
    return unreadFile(path, error);
  }
  const sha256 = createHash('sha256').update(text).digest('hex');
  const { parse, TomlError } = await import('smol-toml');
  const parseTable = (toml: string): Table => parse(toml, { integersAsBigInt: 'asNeeded' });
  try {
    const table = parseTable(text);
    const lineOf = locator(text, table, parseTable);
    return { path, mtime, sha256, parsed: true, table, error: null, unread: null, lineOf };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The rest of the message shows lines of the file, which may hold secrets.
    const message = error.message.split('\n', 1)[0] ?? 'Invalid TOML document';
    return { ...brokenFile(path, { message, line: error.line, column: error.column }, null), mtime, sha256 };
  }
}

/** A file or folder that could not be read, with the system's error. */
export function unreadFile(path: string, thrown: unknown): TomlFile {
  const unread = problemOf(thrown, path);
  return brokenFile(path, { message: unread.message, line: null, column: null }, unread);
}

function brokenFile(path: string, error: FileError, unread: Problem | null): TomlFile {
  return { path, mtime: 0, sha256: '', parsed: false, table: {}, error, unread, lineOf: () => null };
}

function locator(text: string, table: Table, parse: (toml: string) => Table): TomlFile['lineOf'] {
  let entries: ReturnType<typeof tomlEntries> | undefined;
  return (path) => {
    entries ??= tomlEntries(text);
    const entry = entries.find((e) => e.path.every((part, i) => part === path[i]));
    if (entry === undefined) return null;
    try {
      const written = valueAt(parse(`v = ${entry.raw}`), ['v', ...path.slice(entry.path.length)]);
      return same(written, valueAt(table, path)) ? entry.line : null;
    } catch {
      return null;
    }
  };
}

/** Scalars by value, the rest by kind. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b);
  if (isTable(a) || isTable(b)) return isTable(a) && isTable(b);
  return a !== undefined && a === b;
}
