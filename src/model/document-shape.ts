import { isObject } from './shape.ts';

const POISON = ['__proto__', 'constructor', 'prototype'];
const MAX_DEPTH = 32;

/**
 * Why a parsed file is none of podctl's documents of one kind (`snapshot`: `podctl.snapshot/v1`), before anything in
 * it is looked at: keys that reach into every object of the program, nesting that none has, or another schema.
 */
export function documentFault(value: unknown, kind: string): string | null {
  return poisonFault(value, kind) ?? schemaFault(value, kind);
}

function schemaFault(value: unknown, kind: string): string | null {
  const schema = `podctl.${kind}/v1`;
  if (!isObject(value) || typeof value.schema !== 'string') return `it is no ${kind}: it has no schema`;
  if (value.schema === schema) return null;
  const [, name, version] = /^podctl\.([a-z-]{1,40})\/v(\d{1,6})$/.exec(value.schema) ?? [];
  return name === kind && Number(version) > 1
    ? `was written by a later podctl (${value.schema}; this one reads ${schema})`
    : `it is no ${kind}: its schema is ${JSON.stringify(value.schema.slice(0, 100))}, not ${schema}`;
}

/** Without recursion. */
function poisonFault(value: unknown, kind: string): string | null {
  const todo: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > MAX_DEPTH) return 'it is nested too deeply';
    for (const [key, child] of Object.entries(next.value)) {
      if (POISON.includes(key)) return `it has the key ${key}, which no ${kind} has`;
      todo.push({ value: child, depth: next.depth + 1 });
    }
  }
  return null;
}
