import type { Said } from '../config/yaml-tree.ts';

const DEEPEST = 20;

/** A value that JSON can hold, as if a file had said it; its line is 0. Null: it is nested too deeply. */
export function saidOf(value: unknown, depth = 0): Said | null {
  if (depth > DEEPEST) return null;
  if (typeof value !== 'object' || value === null)
    return { line: 0, is: 'scalar', value: value as string | number | boolean | null };
  if (Array.isArray(value)) {
    const items = value.map((item) => saidOf(item, depth + 1));
    return items.includes(null) ? null : { line: 0, is: 'list', items: items as Said[] };
  }
  const entries = Object.entries(value).map(([key, one]) => ({
    key,
    line: 0,
    value: saidOf(one, depth + 1) as Said,
  }));
  return entries.some((entry) => entry.value === null) ? null : { line: 0, is: 'map', entries };
}

/** What was said, as a value. */
export function plainOf(said: Said): unknown {
  switch (said.is) {
    case 'scalar':
      return said.value;
    case 'list':
      return said.items.map(plainOf);
    case 'map':
      return Object.fromEntries(said.entries.map(({ key, value }) => [key, plainOf(value)]));
  }
}
