import { meant } from './near.ts';
import { UsageError } from './usage-error.ts';

/**
 * What yargs says of a command line, in our words, with what may have been meant. `help`: the command that tells
 * more; `options`: names of those that there are.
 */
export function parseFault(
  error: unknown,
  words: readonly string[],
  help: string,
  options: readonly string[],
): UsageError {
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  const [, got, wanted] = /^Not enough non-option arguments: got (\d+), need at least (\d+)/.exec(text) ?? [];
  const missing = Number(wanted) - Number(got);
  if (missing > 0)
    return new UsageError(
      missing === 1 ? 'an argument is missing' : `${missing} arguments are missing`,
      help,
    );
  const names = /^Unknown arguments?: (.*)$/.exec(text)?.[1]?.split(', ') ?? [];
  const option = names.map((name) => typedAs(name, words)).find((word) => word !== undefined);
  if (option === undefined)
    return new UsageError(
      text.replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase()),
      help,
    );
  const long = options.filter((name) => name.length > 1).map((name) => `--${name}`);
  return new UsageError(
    `there is no option ${option}`,
    (option.startsWith('--') && meant(option, long)) || help,
  );
}

/** The option as it was typed; undefined for an argument that is none. */
function typedAs(name: string, words: readonly string[]): string | undefined {
  const long = `--${name}`;
  if (words.some((word) => word === long || word.startsWith(`${long}=`))) return long;
  return words.some((word) => /^-[^-]/.test(word) && word.includes(name)) ? `-${name}` : undefined;
}
