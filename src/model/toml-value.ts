/** A table of a parsed file. Keys are the file's own: look them up with valueAt only. */
export type Table = Record<string, unknown>;

/** True for a table, false for lists, dates and scalars. */
export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The value at a path of keys; undefined where there is none. */
export function valueAt(table: Table, path: readonly string[]): unknown {
  let value: unknown = table;
  for (const key of path) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The table at a path; undefined where there is none. */
export function tableAt(table: Table, path: readonly string[]): Table | undefined {
  const value = valueAt(table, path);
  return isTable(value) ? value : undefined;
}

/** The text at a path; undefined where there is none or something else. */
export function textAt(table: Table, path: readonly string[]): string | undefined {
  const value = valueAt(table, path);
  return typeof value === 'string' ? value : undefined;
}

/** A path of keys as it is written in a file: `plugins."io.containerd.grpc.v1.cri".sandbox_image`. */
export function keyName(path: readonly string[]): string {
  return path.map((part) => (/^[\w-]+$/.test(part) ? part : `"${part}"`)).join('.');
}

export type Kind = 'text' | 'truth' | 'number' | 'texts';

const KINDS: Record<Kind, { is(value: unknown): boolean; name: string }> = {
  text: { is: (v) => typeof v === 'string', name: 'a string' },
  truth: { is: (v) => typeof v === 'boolean', name: 'true or false' },
  number: { is: (v) => Number.isInteger(v) || typeof v === 'bigint', name: 'a whole number' },
  texts: { is: (v) => Array.isArray(v) && v.every((e) => typeof e === 'string'), name: 'a list of strings' },
};

/** The first of the named keys whose value is of another kind, in words; null when all are right. */
export function wrongKind(
  table: Table,
  kinds: readonly (readonly [path: readonly string[], kind: Kind])[],
): { path: readonly string[]; message: string } | null {
  for (const [path, kind] of kinds) {
    const value = valueAt(table, path);
    if (value !== undefined && !KINDS[kind].is(value)) {
      return { path, message: `${keyName(path)} must be ${KINDS[kind].name}` };
    }
  }
  return null;
}
