/** A key of a TOML text with its line (1-based) and its value as it is written. */
export interface TomlEntry {
  path: string[];
  line: number;
  raw: string;
  /** Path of the header below which it stands. */
  table: string[];
  /** Offsets of the key and of the value. */
  from: number;
  at: number;
}

/** A table's header; `path` is null for a table in a list. Offsets of its brackets, the end exclusive. */
export interface TomlHeader {
  path: string[] | null;
  from: number;
  end: number;
}

export interface TomlScan {
  entries: TomlEntry[];
  headers: TomlHeader[];
}

const BLANK = /(?:[ \t\r\n\ufeff]|#[^\n]*)+/y;
const GAP = /[ \t]*/y;
const DOT = /[ \t]*\.[ \t]*/y;
const STRING = /"""(?:\\[\s\S]|[^\\])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'/y;
const BARE_KEY = /[^\s."'=[\]{},#]+/y;
const BARE_VALUE = /[^#\r\n]+/y;
const NESTED = /[^"'#[\]{}]+|#[^\n]*/y;

/**
 * Keys of a TOML text, which the parser gives without their places. Expects a text that parsed:
 * it does not check, and ends early at what it does not understand. Keys of inline tables stay within
 * the raw value of their outer key; keys of tables in arrays are left out.
 */
export function tomlEntries(text: string): TomlEntry[] {
  return scanToml(text).entries;
}

/** The same with the headers of tables. */
export function scanToml(text: string): TomlScan {
  const entries: TomlEntry[] = [];
  const headers: TomlHeader[] = [];
  const scan = { entries, headers };
  let at = 0;
  let counted = 0;
  let line = 1;
  let table: string[] | null = [];

  function take(pattern: RegExp): string | null {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  }

  function lineHere(): number {
    for (; counted < at; counted += 1) if (text.charCodeAt(counted) === 10) line += 1;
    return line;
  }

  function key(): string[] | null {
    const parts: string[] = [];
    do {
      const quoted = take(STRING);
      const part = quoted === null ? take(BARE_KEY) : unquote(quoted);
      if (part === null) return null;
      parts.push(part);
    } while (take(DOT) !== null);
    take(GAP);
    return parts;
  }

  function value(): string | null {
    const from = at;
    if (take(STRING) !== null) return text.slice(from, at);
    if (text[at] !== '[' && text[at] !== '{') return take(BARE_VALUE)?.trimEnd() ?? null;
    let depth = 0;
    do {
      if (take(STRING) !== null || take(NESTED) !== null) continue;
      const c = text[at];
      if (c === undefined) return null;
      if (c === '[' || c === '{') depth += 1;
      if (c === ']' || c === '}') depth -= 1;
      at += 1;
    } while (depth > 0);
    return text.slice(from, at);
  }

  for (take(BLANK); at < text.length; take(BLANK)) {
    const here = lineHere();
    const from = at;
    if (text[at] === '[') {
      const list = text[at + 1] === '[';
      at += list ? 2 : 1;
      take(GAP);
      const header = key();
      if (header === null || text[at] !== ']') return scan;
      at += list ? 2 : 1;
      table = list ? null : header;
      headers.push({ path: table, from, end: at });
      continue;
    }
    const path = key();
    if (path === null || text[at] !== '=') return scan;
    at += 1;
    take(GAP);
    const start = at;
    const raw = value();
    if (raw === null) return scan;
    if (table !== null) entries.push({ path: [...table, ...path], line: here, raw, table, from, at: start });
  }
  return scan;
}

/** Text of a quoted key; null for escapes that JSON does not have: such keys are none of ours. */
function unquote(quoted: string): string | null {
  if (quoted.startsWith("'")) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}
