import { nearNames } from '../near.ts';
import { type Form, LONGEST, type Word } from './form.ts';
import type { Fault, Said } from './yaml-tree.ts';

const SHOWN = 100;

/** All that is wrong with what was said, in the order of the file. `path`: keys that lead there; [] for the file. */
export function faultsOf(said: Said, form: Form, path: readonly string[] = []): Fault[] {
  const name = path.length === 0 ? 'the file' : path.join('.');
  const wrong = (message: string, line = said.line): Fault[] => [{ line, message }];
  const wants = (what: string) => wrong(`${name} is ${kindOf(said)}, not ${what}`);
  switch (form.is) {
    case 'anything':
      return [];
    case 'text':
      if (said.is !== 'scalar' || typeof said.value !== 'string')
        return wants(`${form.word.noun}${quoted(said)}`);
      return wordFault(said.value, form.word, name).flatMap((message) => wrong(message));
    case 'flag':
      return said.is === 'scalar' && typeof said.value === 'boolean' ? [] : wants('true or false');
    case 'whole':
    case 'number': {
      const noun = form.is === 'whole' ? 'a whole number' : 'a number';
      if (said.is !== 'scalar' || typeof said.value !== 'number') return wants(noun);
      const { value } = said;
      const fits = form.is === 'whole' ? Number.isSafeInteger(value) : Number.isFinite(value);
      if (fits && value >= form.min && value <= form.max) return [];
      return wrong(`${name} = ${value} is not ${noun} from ${form.min} to ${form.max}`);
    }
    case 'list':
      if (said.is !== 'list') return wants('a list');
      return said.items.flatMap((item, i) => faultsOf(item, form.of, [...path, String(i + 1)]));
    case 'map':
    case 'table':
      return said.is === 'map' ? keyFaults(said, form, path) : wants('keys with values');
  }
}

function keyFaults(
  said: Extract<Said, { is: 'map' }>,
  form: Extract<Form, { is: 'map' | 'table' }>,
  path: readonly string[],
): Fault[] {
  const lacking = (form.is === 'map' ? (form.required ?? []) : [])
    .filter((key) => !said.entries.some((entry) => entry.key === key))
    .map((key) => ({ line: said.line, message: `${[...path, key].join('.')} is missing` }));
  const wrong = said.entries.flatMap(({ key, line, value }) => {
    const at = [...path, key.slice(0, SHOWN)];
    if (form.is === 'table') {
      const faults = wordFault(key, form.key, [...path, 'key'].join('.'));
      return faults.length > 0 ? faults.map((message) => ({ line, message })) : faultsOf(value, form.of, at);
    }
    const below = Object.hasOwn(form.keys, key) ? form.keys[key] : undefined;
    return below ? faultsOf(value, below, at) : [{ line, message: unknownKey(at.join('.'), key, form) }];
  });
  return [...lacking, ...wrong];
}

function unknownKey(
  name: string,
  key: string,
  { keys, whole = 'the configuration' }: Extract<Form, { is: 'map' }>,
): string {
  const known = Object.keys(keys);
  const near = nearNames(key, known);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `keys here are ${known.join(', ')}`;
  return `${JSON.stringify(name)} is no key of ${whole}: ${hint}`;
}

function wordFault(text: string, word: Word, name: string): string[] {
  const { longest = LONGEST } = word;
  if (text.length > longest) return [`${name} is longer than ${longest} characters`];
  if (word.fits(text)) return [];
  const near = word.near?.(text) ?? [];
  const hint = near.length > 0 ? `: did you mean ${near.join(' or ')}?` : '';
  return [`${name} = ${JSON.stringify(text.slice(0, SHOWN))} is not ${word.noun}${hint}`];
}

function kindOf(said: Said): string {
  if (said.is === 'list') return 'a list';
  if (said.is === 'map') return 'a table of keys and values';
  if (said.value === null) return 'empty';
  if (typeof said.value === 'number') return 'a number';
  return typeof said.value === 'boolean' ? 'true or false' : 'a text';
}

/** A number that was meant as a text. */
function quoted(said: Said): string {
  const isBare = said.is === 'scalar' && (typeof said.value === 'number' || typeof said.value === 'boolean');
  return isBare ? ' (in quotes it is a text)' : '';
}
