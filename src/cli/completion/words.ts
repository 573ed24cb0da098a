/** What bash would make of the line before the cursor, as far as it may be known without running anything. */
export interface BashWords {
  /** Without their quotes; the last is the one at the cursor, '' after a blank. */
  words: string[];
  /** The last word as it was typed. */
  raw: string;
}

/** Words of a line with quotes and backslashes; nothing is expanded. */
export function bashWords(line: string): BashWords {
  const words: string[] = [];
  let word: string | null = null;
  let start = 0;
  let quote = '';
  for (let i = 0; i < line.length; i += 1) {
    const c = line[i] ?? '';
    if (quote === '' && (c === ' ' || c === '\t')) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    if (word === null) start = i;
    word ??= '';
    if (c === quote) quote = '';
    else if (quote === '' && (c === '"' || c === "'")) quote = c;
    else if (c === '\\' && quote !== "'") {
      word += line[i + 1] ?? '';
      i += 1;
    } else word += c;
  }
  const raw = word === null ? '' : line.slice(start);
  return { words: [...words, word ?? ''], raw };
}

const PLAIN = /^[\w@%+=:,./\p{L}\p{N}-]*$/u;
const NOT_PLAIN = /[^\w@%+=:,./\p{L}\p{N}-]/gu;

/**
 * A value as bash may put it in the place of the word at the cursor, of which it gives only what is behind the last of
 * its word breaks. Null where a quote is open: what is special in there can be quoted in no way that is always right.
 */
export function forBash(value: string, raw: string, breaks: string): string | null {
  if (/['"]/.test(raw) && !PLAIN.test(value)) return null;
  // What is typed has no other breaks than its value: quoted ones are none.
  const at = Math.max(...[...breaks].filter((c) => '=:@'.includes(c)).map((c) => raw.lastIndexOf(c)));
  const typed = raw.slice(0, at + 1).replaceAll(/\\(.)/gs, '$1');
  const rest = value.startsWith(typed) ? value.slice(typed.length) : value;
  return rest.replaceAll(NOT_PLAIN, (c) => `\\${c}`);
}
