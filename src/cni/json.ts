/** What JSON.parse gave, or where the text stops being JSON (1-based line; null when that cannot be told). */
export type Parsed = { ok: true; value: unknown } | { ok: false; line: number | null };

/** Parses without throwing. The text itself is never quoted: it may hold secrets. */
export function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const at = positionOf(error) ?? firstBadPosition(text);
    return { ok: false, line: at === null ? null : text.slice(0, at).split('\n').length };
  }
}

function positionOf(error: unknown): number | null {
  const found = /at position (\d+)/.exec(error instanceof Error ? error.message : '');
  return found ? Number(found[1]) : null;
}

/**
 * Node tells no position for an unexpected token. A prefix of JSON is at fault only at its end; the longest
 * such prefix ends where the text goes wrong.
 */
function firstBadPosition(text: string): number | null {
  if (!isOpenEnded('')) return null;
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isOpenEnded(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isOpenEnded(prefix: string): boolean {
  try {
    JSON.parse(prefix);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/end of JSON input|Unterminated string/.test(message)) return true;
    return (positionOf(error) ?? -1) >= prefix.trimEnd().length;
  }
}

/**
 * JSON as Go's encoder writes a map: keys sorted, `<`, `>` and `&` escaped. Other readers of the same files
 * are written in Go, and bytes that equal theirs are the simplest proof that they can read ours.
 */
export function goJson(value: unknown): string {
  return escapeAsGo(JSON.stringify(sorted(value)));
}

/** The escapes that Go's encoder adds. */
export function escapeAsGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
