/**
 * The line (from 1) of the source of a module that a fault of what it exports is about: where the key at the end of
 * the named path is written, if that is in one place alone. Else null.
 */
export function lineOfKey(source: string, fault: string): number | null {
  const [, path = '', isMissing] = /^"?([\w.-]+)"?( is missing)?/.exec(fault) ?? [];
  const keys = path.split('.').filter((part) => !/^\d+$/.test(part));
  const key = (isMissing === undefined ? keys : keys.slice(0, -1)).at(-1);
  if (key === undefined) return null;
  const written = new RegExp(`(?:^|[\\s{,])(['"]?)${key.replaceAll('-', '\\-')}\\1\\s*[:(]`);
  const lines = source.split('\n').flatMap((line, i) => (written.test(line) ? [i + 1] : []));
  return lines.length === 1 ? (lines[0] ?? null) : null;
}
