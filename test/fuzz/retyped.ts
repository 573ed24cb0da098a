/** One of each type, and some that only look right. */
const VALUES: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  '',
  'x',
  true,
  [],
  {},
  [null],
  [[]],
  { a: null },
  '\0',
  '1',
];

type Path = (string | number)[];

/**
 * A JSON text with the wrong type at each of its paths, and without it, at most `most` in all: paths and values take
 * turns.
 */
export function* retyped(sample: Buffer, most: number): Generator<{ at: string; bytes: Buffer }> {
  const value: unknown = JSON.parse(sample.toString());
  const paths = [...pathsOf(value)];
  const all = paths.length * (VALUES.length + 1);
  // A step that shares no factor with the count visits each once, and neighbours late.
  const step = Math.max(1, Math.floor(all / most));
  for (let n = 0; n < all; n += step) {
    const path = paths[n % paths.length] ?? [];
    const which = Math.floor(n / paths.length) + (n % paths.length);
    const bytes = Buffer.from(JSON.stringify(changed(value, path, which % (VALUES.length + 1))) ?? '');
    yield { at: `${path.join('.')} (${which % (VALUES.length + 1)})`, bytes };
  }
}

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, key]);
}

/** A copy with another value at a path; the last of the choices takes it out. */
function changed(value: unknown, [key, ...rest]: Path, which: number): unknown {
  if (key === undefined) return VALUES[which];
  if (Array.isArray(value))
    return value.flatMap((one, i) => {
      if (i !== Number(key)) return [one];
      return rest.length === 0 && which === VALUES.length ? [] : [changed(one, rest, which)];
    });
  return Object.fromEntries(
    Object.entries(value as Record<string, unknown>).flatMap(([name, one]) => {
      if (name !== key) return [[name, one]];
      return rest.length === 0 && which === VALUES.length ? [] : [[name, changed(one, rest, which)]];
    }),
  );
}
