import { globFitsId } from '../../check/glob.ts';
import type { CheckOptions, Severity } from '../../model/check.ts';
import { entriesOf, entryAt, type Layer, textOf, textsOf } from './layer.ts';
import type { Entry, Said } from './yaml-tree.ts';

/** Where something is said. */
export interface Origin {
  file: string;
  line: number;
}

/** Who switched a check off; null where it runs. Within a file `enable` goes before `disable`. */
export function offBy(id: string, layers: readonly Layer[]): Origin | null {
  let off: Origin | null = null;
  for (const layer of layers) {
    const said = (key: string) =>
      textsOf(entryAt(layer, 'checks', key)?.value).find(({ text }) => globFitsId(text, id));
    const here = said('disable');
    if (said('enable')) off = null;
    else if (here) off = { file: layer.file, line: here.line };
  }
  return off;
}

/** The severity that a check is given; null where it keeps its own. Within a file an id goes before a glob. */
export function severityBy(id: string, layers: readonly Layer[]): (Origin & { severity: Severity }) | null {
  const said = layers.flatMap((layer) => {
    const fitting = entriesOf(entryAt(layer, 'severity')?.value).filter(({ key }) => globFitsId(key, id));
    const [globs, ids] = [fitting.filter(({ key }) => key !== id), fitting.filter(({ key }) => key === id)];
    return [...globs, ...ids].map((entry) => ({ ...originOf(layer, entry), said: entry.value }));
  });
  const last = said.at(-1);
  return last ? { file: last.file, line: last.line, severity: textOf(last.said) as Severity } : null;
}

/** What is said to a check, by name; where two files say something of one name, what the last one says. */
export function optionsBy(
  id: string,
  layers: readonly Layer[],
): Map<string, Origin & { value: CheckOptions[string] }> {
  return new Map(
    layers.flatMap((layer) =>
      entriesOf(entryAt(layer, 'options', id)?.value).map((entry) => [
        entry.key,
        { ...originOf(layer, entry), value: optionValue(entry.value) },
      ]),
    ),
  );
}

function originOf({ file }: Layer, { line }: Entry): Origin {
  return { file, line };
}

function optionValue(said: Said): CheckOptions[string] {
  if (said.is === 'list') return textsOf(said).map(({ text }) => text);
  return said.is === 'scalar' && said.value !== null ? said.value : '';
}
