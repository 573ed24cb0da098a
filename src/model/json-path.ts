/** The value below own keys of parsed JSON; undefined where a step is missing or no object. */
export function dig(value: unknown, ...keys: string[]): unknown {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** A non-empty string below own keys of parsed JSON, else null. */
export function digText(value: unknown, ...keys: string[]): string | null {
  const found = dig(value, ...keys);
  return typeof found === 'string' && found !== '' ? found : null;
}
