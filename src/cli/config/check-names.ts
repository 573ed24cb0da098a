import { globFitsId } from '../../check/glob.ts';
import type { CheckMeta } from '../../model/check.ts';
import type { OptionDeclaration } from '../../model/check-options.ts';
import type { CheckFile } from '../../model/own-config-facts.ts';
import { nearNames } from '../near.ts';
import { faultsOf } from './faults.ts';
import { type Form, LONGEST } from './form.ts';
import { entriesOf, entryAt, type Layer, textOf, textsOf } from './layer.ts';
import { something } from './words.ts';
import type { Fault } from './yaml-tree.ts';

/** Which checks there are. */
export interface KnownChecks {
  metas: readonly CheckMeta[];
  /** Files that others wrote checks in. */
  files: readonly CheckFile[];
}

/** All that a file says wrongly about checks, in the order of its lines. */
export function checkFaults(layer: Layer, known: KnownChecks): Fault[] {
  const faults = [
    ...namedChecks(layer).flatMap(({ text, line }) => {
      const message = unknownCheck(text, known);
      return message === null ? [] : [{ line, message }];
    }),
    ...bothWays(layer),
    ...optionFaults(layer, known),
  ];
  return faults.sort((a, b) => a.line - b.line);
}

/** The form of what can be said to checks. */
export function optionsForm(metas: readonly CheckMeta[]): Form & { is: 'map' } {
  const taking = metas.flatMap(({ id, options }) => (options ? [[id, options] as const] : []));
  return {
    is: 'map',
    keys: Object.fromEntries(
      taking.map(([id, options]) => {
        const forms = Object.entries(options).map(([name, of]) => [name, optionForm(of)]);
        return [id, { is: 'map', keys: Object.fromEntries(forms) }];
      }),
    ),
  };
}

function optionForm({ default: usual, min, max, describe }: OptionDeclaration): Form {
  const said = `${describe} (${Array.isArray(usual) ? usual.join(', ') : usual})`;
  if (typeof usual === 'boolean') return { is: 'flag', describe: said };
  if (typeof usual === 'string') return { is: 'text', word: something, describe: said };
  if (typeof usual !== 'number') return { is: 'list', of: { is: 'text', word: something }, describe: said };
  const range = { min: min ?? 0, max: max ?? Number.MAX_SAFE_INTEGER };
  return { is: Number.isInteger(usual) ? 'whole' : 'number', ...range, describe: said };
}

function namedChecks(layer: Layer): { text: string; line: number }[] {
  const ignores = entryAt(layer, 'ignore')?.value;
  const rules = ignores?.is === 'list' ? ignores.items : [];
  return [
    ...textsOf(entryAt(layer, 'checks', 'disable')?.value),
    ...textsOf(entryAt(layer, 'checks', 'enable')?.value),
    ...entriesOf(entryAt(layer, 'severity')?.value).map(({ key, line }) => ({ text: key, line })),
    ...rules
      .flatMap((rule) => entriesOf(rule).filter(({ key }) => key === 'check'))
      .map(({ value }) => ({ text: textOf(value), line: value.line })),
  ];
}

function unknownCheck(text: string, { metas, files }: KnownChecks): string | null {
  const ids = metas.map(({ id }) => id);
  if (ids.some((id) => globFitsId(text, id))) return null;
  // What a file that cannot be used would have brought is not known, and that is told as a finding.
  if (files.some(({ fault }) => fault !== '') && !ids.some((id) => areaOf(id) === areaOf(text))) return null;
  return `no check is called ${JSON.stringify(text)}: ${hintFor(text, ids)}`;
}

function areaOf(id: string): string {
  return id.split('/')[0] ?? '';
}

function hintFor(text: string, ids: readonly string[]): string {
  const near = nearNames(text, ids);
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'podctl checks lists all checks';
}

function bothWays(layer: Layer): Fault[] {
  const off = new Set(textsOf(entryAt(layer, 'checks', 'disable')?.value).map(({ text }) => text));
  return textsOf(entryAt(layer, 'checks', 'enable')?.value)
    .filter(({ text }) => off.has(text))
    .map(({ text, line }) => ({ line, message: `${JSON.stringify(text)} is both enabled and disabled` }));
}

function optionFaults(layer: Layer, known: KnownChecks): Fault[] {
  const form = optionsForm(known.metas);
  return entriesOf(entryAt(layer, 'options')?.value).flatMap(({ key, line, value }) => {
    const below = Object.hasOwn(form.keys, key) ? form.keys[key] : undefined;
    if (below) return faultsOf(value, below, ['options', key]);
    const message = unknownCheck(key.slice(0, LONGEST), known) ?? withoutOptions(key, known);
    return message === null ? [] : [{ line, message }];
  });
}

function withoutOptions(id: string, { metas }: KnownChecks): string | null {
  if (!metas.some((meta) => meta.id === id)) return null;
  const taking = metas.filter(({ options }) => options !== undefined).map((meta) => meta.id);
  return `${id} takes no options; those that do are ${taking.join(', ')}`;
}
