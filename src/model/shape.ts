import type { JsonSchema } from './json-schema.ts';

/**
 * What a value read from a file must look like. A shape is typed by the value that it lets through, so the
 * compiler says when a type and its shape part.
 */
export interface Shape<T> {
  /** What is wrong, as `<path> is not ...`; null when nothing is. */
  fault(value: unknown, path: string): string | null;
  /** The same for others, as JSON Schema. */
  schema(): JsonSchema;
  /** Makes Shape<T> fit no other Shape; never set. */
  readonly of?: (value: T) => T;
}

type Fields<T> = { [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };
type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];

const MAX_LENGTH = 1024 * 1024;

function simple<T>(noun: string, fits: (value: unknown) => boolean, schema: JsonSchema): Shape<T> {
  return { fault: (value, path) => (fits(value) ? null : `${path} is not ${noun}`), schema: () => schema };
}

export const text = simple<string>(
  'a string of at most 1 MiB',
  (v) => typeof v === 'string' && v.length <= MAX_LENGTH,
  { type: 'string', maxLength: MAX_LENGTH },
);
export const flag = simple<boolean>('true or false', (v) => typeof v === 'boolean', { type: 'boolean' });
export const whole = simple<number>('a whole number', (v) => Number.isSafeInteger(v), {
  type: 'integer',
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
});
export const amount = simple<number>(
  'a number',
  (v) => typeof v === 'number' && Number.isFinite(v) && Math.abs(v) <= Number.MAX_SAFE_INTEGER,
  { type: 'number', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
);
/** Not looked into. */
export const anything: Shape<unknown> = { fault: () => null, schema: () => ({}) };

/** One of a few words. */
export function oneOf<const T extends string>(...words: T[]): Shape<T> {
  return simple(`one of ${words.join(', ')}`, (v) => words.some((word) => word === v), { enum: words });
}

/** A string that a pattern without flags describes; `noun` says what that is. */
export function matching<T extends string>(noun: string, pattern: RegExp): Shape<T> {
  return simple(noun, (v) => typeof v === 'string' && pattern.test(v), {
    type: 'string',
    pattern: pattern.source,
  });
}

/** The same, or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    fault: (value, path) => (value === null ? null : shape.fault(value, path)),
    schema: () => ({ anyOf: [shape.schema(), { type: 'null' }] }),
  };
}

export function list<T>(member: Shape<T>): Shape<T[]> {
  return {
    fault(value, path) {
      if (!Array.isArray(value)) return `${path} is not a list`;
      return firstFault(value.map((v, i) => () => member.fault(v, `${path}[${i}]`)));
    },
    schema: () => ({ type: 'array', items: member.schema() }),
  };
}

/** An object with these fields. Fields that it does not know are let through: later versions add some. */
export function record<T>(fields: Fields<T>, ...optional: OptionalKeys<T>[]): Shape<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const isOptional = (name: string) => (optional as string[]).includes(name);
  return {
    fault(value, path) {
      if (!isObject(value)) return `${path} is not an object`;
      return firstFault(
        names.map((name) => () => {
          if (Object.hasOwn(value, name)) return fields[name].fault(value[name], `${path}.${name}`);
          return isOptional(name) ? null : `${path}.${name} is missing`;
        }),
      );
    },
    schema: () => ({
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, fields[name].schema()])),
      required: names.filter((name) => !isOptional(name)),
    }),
  };
}

/** An object with any keys, or with some of `keys`. */
export function dictionary<V, K extends string = string>(
  member: Shape<V>,
  keys?: readonly K[],
): Shape<string extends K ? Record<string, V> : Partial<Record<K, V>>> {
  return {
    fault(value, path) {
      if (!isObject(value)) return `${path} is not an object`;
      return firstFault(
        Object.keys(value).map((key) => () => {
          const known = keys === undefined || keys.some((k) => k === key);
          return known ? member.fault(value[key], `${path}.${key}`) : `${path}.${key} is not known`;
        }),
      );
    },
    schema: () => ({
      type: 'object',
      ...(keys && { propertyNames: { enum: keys } }),
      additionalProperties: member.schema(),
    }),
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstFault(faults: (() => string | null)[]): string | null {
  for (const fault of faults) {
    const found = fault();
    if (found !== null) return found;
  }
  return null;
}
