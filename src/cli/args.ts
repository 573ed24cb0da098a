import { meant } from './near.ts';
import { UsageError } from './usage-error.ts';

/** What yargs makes of a command line: names without dashes. Every option with a value is declared a string. */
export type Args = Readonly<Record<string, unknown>>;

/** The value of an option; the last one when it is given several times. */
export function one(args: Args, name: string): string | undefined {
  return many(args, name).at(-1);
}

/** The values of a repeatable option. An empty value is a usage error. */
export function many(args: Args, name: string): string[] {
  const value = args[name];
  const values = value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
  if (values.includes('')) throw new UsageError(`--${name}: the value is empty`);
  return values;
}

/** Of a list of words, the one that was given. Others are a usage error that lists them, the likely one first. */
export function oneOf<T extends string>(option: string, words: readonly T[], text: string): T {
  const word = words.find((w) => w === text);
  if (word === undefined) {
    const all = `it is one of ${words.join(', ')}`;
    throw new UsageError(
      `${option}: "${text}" is unknown`,
      [meant(text, words), all].filter(Boolean).join(' '),
    );
  }
  return word;
}
