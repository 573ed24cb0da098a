/** The names most like `wanted`, best first: what somebody who mistyped may have meant. At most three. */
export function nearNames(
  wanted: string,
  names: readonly string[],
  limit = Math.max(2, Math.floor(wanted.length / 3)),
): string[] {
  return names
    .map((name) => ({ name, distance: distanceTo(wanted, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** `did you mean a or b?`; '' where nothing is like it. Two letters of three are another word. */
export function meant(wanted: string, names: readonly string[]): string {
  const near = wanted.length < 4 ? nearNames(wanted, names, 1) : nearNames(wanted, names);
  return near.length === 0 ? '' : `did you mean ${near.join(' or ')}?`;
}

/** Of a name `area/noun` either half may have been meant. */
function distanceTo(wanted: string, name: string): number {
  const half = wanted.includes('/') ? [] : name.split('/');
  const begins = name.split('/').some((part) => wanted.length > 2 && part.startsWith(wanted));
  return begins ? 0 : Math.min(...[name, ...half].map((n) => editDistance(wanted.slice(0, 100), n)));
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
