import path from 'node:path';
import { isMissing, type ReadHost } from '../../host/read-host.ts';

type Token = { any: true } | { any: false; fits(c: string): boolean };

/** Matches one name, as Go's filepath.Match does: `*` (a leading dot as well), `?`, `[a-z]`, `[^a-z]`, `\`. */
export function matchName(pattern: string, name: string): boolean {
  const tokens = tokensOf(pattern);
  const chars = [...name];
  let t = 0;
  let c = 0;
  let star = -1;
  let from = 0;
  while (c < chars.length) {
    const token = tokens[t];
    if (token?.any) {
      star = t;
      from = c;
      t += 1;
    } else if (token?.fits(chars[c] ?? '')) {
      t += 1;
      c += 1;
    } else if (star >= 0) {
      from += 1;
      c = from;
      t = star + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(t).every((token) => token.any);
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i += 1) {
    const c = chars[i] ?? '';
    if (c === '*') {
      tokens.push({ any: true });
    } else if (c === '?') {
      tokens.push({ any: false, fits: () => true });
    } else if (c === '[') {
      const end = closing(chars, i);
      tokens.push({ any: false, fits: charClass(chars.slice(i + 1, end)) });
      i = end;
    } else {
      if (c === '\\') i += 1;
      const literal = chars[i];
      if (literal === undefined) throw badPattern(pattern);
      tokens.push({ any: false, fits: (x) => x === literal });
    }
  }
  return tokens;
}

function closing(chars: string[], open: number): number {
  for (let i = open + 1; i < chars.length; i += 1) {
    if (chars[i] === '\\') i += 1;
    else if (chars[i] === ']' && i > open + 1) return i;
  }
  throw badPattern(chars.join(''));
}

function badPattern(pattern: string): Error {
  return new Error(`${pattern} is no pattern: a bracket or an escape is left open`);
}

function charClass(chars: string[]): (c: string) => boolean {
  const negated = chars[0] === '^';
  const ranges: [string, string][] = [];
  const rest = negated ? chars.slice(1) : [...chars];
  const next = () => {
    const c = rest.shift();
    return c === '\\' ? rest.shift() : c;
  };
  while (rest.length > 0) {
    const low = next() ?? '';
    const high = rest[0] === '-' && rest.length > 1 && rest.shift() ? (next() ?? '') : low;
    ranges.push([low, high]);
  }
  return (c) => ranges.some(([low, high]) => low <= c && c <= high) !== negated;
}

/**
 * Paths of the node that fit an absolute pattern, as Go's filepath.Glob gives them.
 * Folders that are not there give nothing. Throws for a pattern that has no meaning, and the system's
 * error for a folder that may not be listed.
 */
export function glob(host: ReadHost, pattern: string): string[] {
  if (!/[*?[\\]/.test(pattern)) return [pattern];
  const name = path.posix.basename(pattern);
  tokensOf(name);
  return glob(host, path.posix.dirname(pattern)).flatMap((folder) =>
    namesIn(host, folder)
      .filter((found) => matchName(name, found))
      .map((found) => path.posix.join(folder, found)),
  );
}

function namesIn(host: ReadHost, folder: string): string[] {
  try {
    return host.list(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
