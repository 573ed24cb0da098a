import type { ConfigEdit } from '../../model/plan.ts';
import { scanToml, type TomlEntry, type TomlHeader, type TomlScan } from '../../model/toml-lines.ts';
import { keyName } from '../../model/toml-value.ts';

const BYTE_ORDER_MARK = '\ufeff';

/**
 * A TOML text with keys set and taken out, in this order; every other byte stays. A key that is there keeps its
 * place and its kind of quotes; a new one goes to the end of its table, and a new table before its first subtable,
 * else to the end.
 * Throws an Error where a key stands in an inline table. Expects a text that parses.
 */
export function editToml(text: string, edits: readonly ConfigEdit[]): string {
  if (text.startsWith(BYTE_ORDER_MARK)) return BYTE_ORDER_MARK + editToml(text.slice(1), edits);
  let now = text;
  // A comment behind a key that is taken out goes along to a new one; without one it stays, on a line of its own.
  let mayCarry = edits.some(({ key, value }) => value !== null && !entryOf(scanToml(text), key));
  let comment = '';
  for (const { key, value } of edits) {
    const scan = scanToml(now);
    refuseInline(scan, key);
    const entry = entryOf(scan, key);
    if (value === null) {
      if (entry === undefined) continue;
      const taken = takeOut(now, entry, mayCarry);
      now = taken.text;
      if (taken.comment === '') continue;
      comment = taken.comment;
      mayCarry = false;
    } else if (entry) {
      now = replaced(now, entry.at, entry.at + entry.raw.length, quoted(value, entry.raw));
    } else {
      now = added(now, scan, key, quoted(value, '"') + comment);
      comment = '';
    }
  }
  return now;
}

function entryOf({ entries }: TomlScan, key: readonly string[]): TomlEntry | undefined {
  return entries.find((e) => samePath(e.path, key));
}

function refuseInline({ entries }: TomlScan, key: readonly string[]): void {
  const inline = entries.find((e) => e.path.length < key.length && startsWith(key, e.path));
  if (inline)
    throw new Error(`${keyName(inline.path)} in line ${inline.line} is an inline table: edit it by hand`);
}

/** The whole line of a key goes, but for a comment that nothing carries. */
function takeOut(
  text: string,
  { from, at, raw }: TomlEntry,
  mayCarry: boolean,
): { text: string; comment: string } {
  const lineStart = lineStartOf(text, from);
  const valueEnd = at + raw.length;
  const newline = text.indexOf('\n', valueEnd);
  const lineEnd = newline < 0 ? text.length : newline + 1;
  const comment = text.slice(valueEnd, lineEnd).trim();
  if (comment !== '' && !mayCarry) {
    const start = valueEnd + text.slice(valueEnd).indexOf('#');
    return { text: replaced(text, from, start, ''), comment: '' };
  }
  return { text: replaced(text, lineStart, lineEnd, ''), comment: comment === '' ? '' : ` ${comment}` };
}

function added(text: string, scan: TomlScan, key: readonly string[], value: string): string {
  const table = key.slice(0, -1);
  const host = hostOf(scan, table);
  if (host !== null) return inTable(text, scan, host, `${keyName(key.slice(host.path.length))} = ${value}`);
  const newline = newlineOf(text);
  const sub = scan.headers.find((h) => h.path !== null && startsWith(h.path, table));
  if (sub) {
    const at = commentStart(text, lineStartOf(text, sub.from));
    const indent = indentOf(text, sub.from);
    const body = `${indent}[${keyName(table)}]${newline}${indent}${keyName(key.slice(-1))} = ${value}`;
    return replaced(text, at, at, `${body}${newline}${newline}`);
  }
  const gap = text.trim() === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
  return `${text}${gap}[${keyName(table)}]${newline}${keyName(key.slice(-1))} = ${value}${newline}`;
}

/** A place where keys of a table can be added: below its header, or where dotted keys made it. */
interface Host {
  path: readonly string[];
  /** Null: before the first header. */
  header: TomlHeader | null;
}

function hostOf({ entries, headers }: TomlScan, table: readonly string[]): Host | null {
  const header = headers.find((h) => h.path !== null && samePath(h.path, table));
  if (header) return { path: table, header };
  // A table that dotted keys made cannot have a header as well.
  const dotted = entries.find(
    (e) => e.table.length < table.length && e.path.length > table.length && startsWith(e.path, table),
  );
  if (dotted === undefined) return null;
  return { path: dotted.table, header: headers.findLast((h) => h.from < dotted.from) ?? null };
}

function inTable(text: string, { entries, headers }: TomlScan, { header }: Host, line: string): string {
  const begin = header?.end ?? 0;
  const end = headers.find((h) => h.from >= begin && h !== header)?.from ?? text.length;
  const last = entries.findLast((e) => e.from >= begin && e.from < end);
  const after = last ? last.at + last.raw.length : begin;
  const found = text.indexOf('\n', after);
  const at = found < 0 ? text.length : found + 1;
  const newline = newlineOf(text);
  const indent = last
    ? indentOf(text, last.from)
    : indentOf(text, header?.from ?? 0) + stepOf(text, entries, headers);
  return replaced(text, at, at, found < 0 ? `${newline}${indent}${line}` : `${indent}${line}${newline}`);
}

/** How much deeper than its header the first key of this file stands. */
function stepOf(text: string, entries: readonly TomlEntry[], headers: readonly TomlHeader[]): string {
  for (const { from, end } of headers) {
    const first = entries.find((e) => e.from > end);
    if (first === undefined) return '';
    const outer = indentOf(text, from);
    const inner = indentOf(text, first.from);
    return inner.startsWith(outer) ? inner.slice(outer.length) : '';
  }
  return '';
}

/** The first of the lines with nothing but a comment that stand directly above. */
function commentStart(text: string, lineStart: number): number {
  let at = lineStart;
  while (at > 0) {
    const above = lineStartOf(text, at - 1);
    if (!/^[ \t]*#/.test(text.slice(above, at))) break;
    at = above;
  }
  return at;
}

function lineStartOf(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

function indentOf(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStartOf(text, at), at))?.[0] ?? '';
}

function newlineOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

function quoted(value: string, like: string): string {
  const literal = like.startsWith("'") && !like.startsWith("'''") && /^[^'\p{Cc}]*$/u.test(value);
  return literal ? `'${value}'` : JSON.stringify(value);
}

function replaced(text: string, from: number, to: number, by: string): string {
  return text.slice(0, from) + by + text.slice(to);
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWith(a, b);
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return path.length >= prefix.length && prefix.every((part, i) => part === path[i]);
}
