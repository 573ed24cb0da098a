import { CONFIG_FORM, CONFIG_SCHEMA } from './declaration.ts';
import { faultsOf } from './faults.ts';
import { type Entry, type Fault, parseTree, type Said } from './yaml-tree.ts';

/** One file that has been understood, as far as that goes without knowing which checks there are. */
export interface Layer {
  file: string;
  said: Said;
}

/** Understands the text of a file; all that is wrong with it otherwise, in the order of the lines. */
export async function parseLayer(file: string, text: string): Promise<Layer | { faults: Fault[] }> {
  const parsed = await parseTree(text);
  if ('faults' in parsed) return parsed;
  const { said } = parsed;
  const faults = said === null ? [NO_SCHEMA] : faultsOf(said, CONFIG_FORM);
  const worded = faults.map((fault) => (fault.message === 'schema is missing' ? NO_SCHEMA : fault));
  if (said === null || faults.length > 0) return { faults: worded.sort((a, b) => a.line - b.line) };
  return { file, said };
}

const NO_SCHEMA: Fault = { line: 1, message: `it has no line "schema: ${CONFIG_SCHEMA}"` };

/** The entry at the end of keys; undefined where nothing is said. */
export function entryAt({ said }: Layer, ...keys: readonly string[]): Entry | undefined {
  let found: Entry | undefined;
  let here: Said = said;
  for (const key of keys) {
    found = entriesOf(here).find((entry) => entry.key === key);
    if (found === undefined) return undefined;
    here = found.value;
  }
  return found;
}

export function entriesOf(said: Said | undefined): Entry[] {
  return said?.is === 'map' ? said.entries : [];
}

/** The texts of a list, each with its line. */
export function textsOf(said: Said | undefined): { text: string; line: number }[] {
  const items = said?.is === 'list' ? said.items : [];
  return items.map((item) => ({ text: textOf(item), line: item.line }));
}

/** '' of what is no text. */
export function textOf(said: Said | undefined): string {
  return said?.is === 'scalar' && typeof said.value === 'string' ? said.value : '';
}
