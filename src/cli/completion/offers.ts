import { FACT_NAMES } from '../../model/fact-shapes.ts';
import type { Args } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import type { Source } from './sources.ts';

/** What can stand at a place. `files`, `folders`: also what the shell finds. */
export interface Offers {
  values: Offer[];
  shell?: 'files' | 'folders';
  /** What is offered is not the end of the word. */
  isOpen?: boolean;
}

export interface Offer {
  value: string;
  describe: string;
}

/** Where a source is asked: what was typed of the word, the arguments before it, and options that say where to look. */
export interface Asked {
  typed: string;
  given: readonly string[];
  args: Args;
  terminal: Terminal;
}

/** What a source has to offer; the caller drops what does not begin with what was typed. */
export async function offersOf(source: Source, asked: Asked): Promise<Offers> {
  switch (source) {
    case 'files':
    case 'folders':
      return { values: [], shell: source };
    case 'facts':
      return { values: plain(FACT_NAMES) };
    case 'fact-list':
      return factList(asked.typed);
    case 'report-files':
      return reportFiles(asked.typed);
    case 'kinds':
      return { values: plain(['orphans', ...(await import('../../remedy/remedy.ts')).GC_KINDS]) };
    case 'checks':
    case 'globs':
    case 'tags':
      return { values: await ofChecks(source, asked) };
    default:
      return { values: plain(await liveNames(source, asked)) };
  }
}

/** Values that need no description. */
export function plain(values: readonly string[]): Offer[] {
  return values.map((value) => ({ value, describe: '' }));
}

/** Several with commas between them. */
function factList(typed: string): Offers {
  const before = typed.slice(0, typed.lastIndexOf(',') + 1);
  const said = before.split(',');
  return { values: plain(FACT_NAMES.filter((name) => !said.includes(name)).map((name) => before + name)) };
}

/** FORMAT=PATH. */
async function reportFiles(typed: string): Promise<Offers> {
  if (typed.includes('=')) return { values: [], shell: 'files' };
  const { FORMATS } = await import('../render.ts');
  return { values: plain(FORMATS.map((format) => `${format}=`)), isOpen: true };
}

async function ofChecks(source: 'checks' | 'globs' | 'tags', { args }: Asked): Promise<Offer[]> {
  const { assemble } = await import('../assemble.ts');
  const { checks } = await assemble(args);
  const metas = checks.map(({ meta }) => meta);
  if (source === 'tags') return plain([...new Set(metas.flatMap(({ tags }) => tags))].sort());
  const ids = metas.map(({ id, title }) => ({ value: id, describe: title }));
  if (source === 'checks') return ids;
  const areas = [...new Set(metas.map(({ id }) => id.slice(0, id.indexOf('/'))))];
  return [...areas.map((area) => ({ value: `${area}/*`, describe: `All of ${area}` })), ...ids];
}

async function liveNames(
  source: 'pods' | 'containers' | 'sandboxes',
  { typed, given, args, terminal }: Asked,
): Promise<string[]> {
  const { containerNames, ownNames, podNames } = await import('./live.ts');
  if (source === 'containers') return containerNames(given[0] ?? '', args, terminal);
  if (source === 'sandboxes') return ownNames(args, terminal);
  const names = await podNames(args, terminal);
  // Who begins with the name of a pod need not know its namespace.
  const bare =
    typed === '' || typed.includes('/') ? [] : names.map((name) => name.slice(name.indexOf('/') + 1));
  return [...names, ...bare];
}
