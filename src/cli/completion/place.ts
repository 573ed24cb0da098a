import type { DeclaredArgument, DeclaredCommand, DeclaredOption } from './declared.ts';

/** What can stand where the cursor is. */
export type Place =
  /** A value. `before` stands in the same word: `--output=`. */
  | { is: 'value'; of: DeclaredOption; command: DeclaredCommand; before: string; typed: string }
  | { is: 'option'; options: DeclaredOption[] }
  /** A command below this one, or its argument of that name; null: it has none there. */
  | {
      is: 'word';
      command: DeclaredCommand;
      argument: DeclaredArgument | null;
      given: string[];
      typed: string;
    }
  /** The program that is run in a sandbox, and its arguments. */
  | { is: 'program' };

/** A line up to the cursor. */
export interface Line {
  place: Place;
  /** Options with values that stand before. */
  said: Record<string, string[]>;
}

/** Where the last word of a line is; the first one is behind `podctl`. */
export function lineOf(root: DeclaredCommand, words: readonly string[]): Line {
  const typed = words.at(-1) ?? '';
  const said: Line['said'] = {};
  const say = ({ name }: DeclaredOption, value: string) => {
    said[name] = [...(said[name] ?? []), value];
  };
  let command = root;
  const given: string[] = [];
  let open: DeclaredOption | undefined;
  for (const word of words.slice(0, -1)) {
    if (open) {
      say(open, word);
      open = undefined;
    } else if (word === '--') return { place: { is: 'program' }, said };
    else if (word.startsWith('-')) {
      const { option, value } = optionIn(word, root, command);
      if (option?.takesValue && value !== undefined) say(option, value);
      else if (option?.takesValue) open = option;
    } else {
      const below = given.length === 0 ? command.commands.get(word) : undefined;
      if (below) command = below;
      else given.push(word);
    }
  }
  return { place: placeOf(typed, root, command, open, given), said };
}

function placeOf(
  typed: string,
  root: DeclaredCommand,
  command: DeclaredCommand,
  open: DeclaredOption | undefined,
  given: string[],
): Place {
  if (open) return { is: 'value', of: open, command, before: '', typed };
  const { option, value } = optionIn(typed, root, command);
  if (option?.takesValue && value !== undefined)
    return {
      is: 'value',
      of: option,
      command,
      before: typed.slice(0, -value.length || undefined),
      typed: value,
    };
  if (typed.startsWith('-')) return { is: 'option', options: optionsOf(root, command) };
  const last = command.positionals.at(-1);
  const next = command.positionals[given.length] ?? (last?.isMany ? last : undefined);
  return { is: 'word', command, argument: next ?? null, given, typed };
}

/** The option that a word names, and its value where that is in the same word. */
function optionIn(
  word: string,
  root: DeclaredCommand,
  command: DeclaredCommand,
): { option?: DeclaredOption | undefined; value?: string | undefined } {
  const [, name, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (name === undefined) return {};
  const option = optionsOf(root, command).find((one) => one.name === name || one.short === name);
  return { option, value };
}

/** Those of a command stand before those of podctl itself. */
function optionsOf(root: DeclaredCommand, { options }: DeclaredCommand): DeclaredOption[] {
  const global = [...root.options.values()].filter(({ name }) => !options.has(name));
  return [...options.values(), ...global];
}
