import { isUnsafe } from '../../report/escape.ts';
import { parseArgv } from '../parse.ts';
import type { Terminal } from '../terminal.ts';
import { type DeclaredCommand, listener } from './declared.ts';
import { type Offer, type Offers, offersOf, plain } from './offers.ts';
import { type Line, lineOf } from './place.ts';
import { sourceOfArgument, sourceOfOption, wordsIn } from './sources.ts';
import { bashWords, forBash } from './words.ts';

const NOTHING: Offers = { values: [] };

/**
 * What can stand at the cursor, for the scripts of `podctl completion`: `bash LINE WORDBREAKS`, or `zsh|fish -- WORDS`,
 * without podctl itself. First a line that says where else the shell looks: `words`, `files` or `folders`, and `open`
 * where a blank is not to follow. Then a value a line, with its description behind a tab. It never fails and tells
 * no fault: a line that is being typed is no place for them.
 */
export async function complete(
  [shell = '', ...rest]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const silent = { ...terminal, err: () => {} };
  const { words, raw } = shell === 'bash' ? wordsOf(rest[0] ?? '') : { words: rest.slice(1), raw: '' };
  const offers = await offersFor(words, silent).catch(() => NOTHING);
  const begins = offers.values.filter(
    ({ value }) => value.startsWith(words.at(-1) ?? '') && !isUnsafe(value),
  );
  const head = `${offers.shell ?? 'words'}${offers.isOpen === true ? ' open' : ''}`;
  const lines = begins.flatMap(({ value, describe }) => {
    if (shell !== 'bash') return describe === '' ? value : `${value}\t${describe}`;
    return forBash(value, raw, rest[1] ?? '') ?? [];
  });
  terminal.out([head, ...new Set(lines)].map((line) => `${line}\n`).join(''));
  return 0;
}

/** Without the first one, which is podctl. */
function wordsOf(line: string): { words: string[]; raw: string } {
  const { words, raw } = bashWords(line);
  return { words: words.slice(1), raw };
}

async function offersFor(words: readonly string[], terminal: Terminal): Promise<Offers> {
  return offersAt(lineOf(await declared(), words), terminal);
}

/** Every command, as it is declared to yargs. */
export async function declared(): Promise<DeclaredCommand> {
  const { heard, yargs } = listener();
  await parseArgv([], 'podctl', () => yargs);
  return heard;
}

async function offersAt({ place, said }: Line, terminal: Terminal): Promise<Offers> {
  switch (place.is) {
    case 'program':
      return { values: [], shell: 'files' };
    case 'option':
      return {
        values: place.options.flatMap(({ name, short, describe }) => [
          { value: `--${name}`, describe },
          ...(short === '' ? [] : [{ value: `-${short}`, describe }]),
        ]),
      };
    case 'value': {
      const { of, command, before, typed } = place;
      const source = sourceOfOption(command.path, of.name);
      const offers: Offers = source
        ? await offersOf(source, { typed, given: [], args: said, terminal })
        : { values: plain(wordsIn(of.describe)) };
      return { ...offers, values: offers.values.map((one) => ({ ...one, value: before + one.value })) };
    }
    case 'word': {
      const { command, argument, given, typed } = place;
      const below = given.length === 0 ? commandsOf(command) : [];
      if (argument === null) return { values: below };
      const source = sourceOfArgument(command.path, argument.name);
      if (source === undefined) return { values: [...below, ...plain(wordsIn(argument.describe))] };
      const offers = await offersOf(source, { typed, given, args: said, terminal });
      return { ...offers, values: [...below, ...offers.values] };
    }
  }
}

function commandsOf({ commands }: DeclaredCommand): Offer[] {
  return [...commands].map(([value, { describe }]) => ({ value, describe }));
}
