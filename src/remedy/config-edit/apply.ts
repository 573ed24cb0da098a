import { isDeepStrictEqual } from 'node:util';
import type { ConfigEdit } from '../../model/plan.ts';
import { isTable, type Table } from '../../model/toml-value.ts';
import { editToml } from './edit.ts';

/**
 * A TOML text after these edits, and the proof that nothing else was changed: both texts are parsed and compared.
 * Throws an Error where that cannot be had, with what to do by hand.
 */
export async function applyEdits(text: string, edits: readonly ConfigEdit[]): Promise<string> {
  const { parse } = await import('smol-toml');
  const read = (toml: string): Table => parse(toml, { integersAsBigInt: 'asNeeded' });
  const edited = editToml(text, edits);
  const wanted = edits.reduce(withEdit, read(text));
  let got: Table | null = null;
  try {
    got = read(edited);
  } catch {
    // Told below: what does not parse is not what was wanted.
  }
  if (got === null || !isDeepStrictEqual(withoutEmpty(got), withoutEmpty(wanted)))
    throw new Error('it is written in a way in which no single key can be changed: edit it by hand');
  return edited;
}

function withEdit(table: Table, { key, value }: ConfigEdit): Table {
  const [first, ...rest] = key;
  if (first === undefined) return table;
  const below = Object.hasOwn(table, first) ? table[first] : undefined;
  const { [first]: _, ...others } = table;
  if (rest.length > 0)
    return { ...others, [first]: withEdit(isTable(below) ? below : {}, { key: rest, value }) };
  return value === null ? others : { ...others, [first]: value };
}

/** A table of which the last key was taken out says nothing more, with its header or without. */
function withoutEmpty(table: Table): Table {
  const kept = Object.entries(table).map(([key, value]): [string, unknown] => [
    key,
    isTable(value) ? withoutEmpty(value) : value,
  ]);
  return Object.fromEntries(kept.filter(([, value]) => !isTable(value) || Object.keys(value).length > 0));
}
