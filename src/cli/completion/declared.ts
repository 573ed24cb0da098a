import type { Argv, Options } from 'yargs';

/** An option as it is declared. */
export interface DeclaredOption {
  /** Long, without dashes. */
  name: string;
  /** `-o` without its dash, or ''. */
  short: string;
  describe: string;
  takesValue: boolean;
}

export interface DeclaredArgument {
  name: string;
  describe: string;
  /** It may be given several times; then it is the last. */
  isMany: boolean;
}

/** A command as it is declared, with what may follow it. */
export interface DeclaredCommand {
  /** All words of it: `sandbox create`; '' for podctl itself. */
  path: string;
  describe: string;
  options: Map<string, DeclaredOption>;
  positionals: DeclaredArgument[];
  /** By each name that it has. */
  commands: Map<string, DeclaredCommand>;
}

type Build = (yargs: Argv) => unknown;

/** One who is told of commands as yargs is, and only takes it down. */
export function listener(): { heard: DeclaredCommand; yargs: Argv } {
  const heard = newCommand('', '');
  return { heard, yargs: listening(heard) };
}

function listening(command: DeclaredCommand): Argv {
  const options = (given: Readonly<Record<string, Options>>) => {
    for (const [name, option] of Object.entries(given)) addOption(command, name, option);
  };
  const heard: Readonly<Record<string, (...args: never[]) => void>> = {
    options,
    option: (name: string, option: Options) => options({ [name]: option }),
    positional: (name: string, { describe = '' }: Options) => {
      const declared = command.positionals.find((one) => one.name === name);
      if (declared) declared.describe = describe;
    },
    help: (name: string) => options({ [name]: { type: 'boolean', describe: 'Show help', alias: 'h' } }),
    command: (words: string | readonly string[], describe: string | false, build?: Build) => {
      if (describe !== false) addCommand(command, [words].flat(), describe, build);
    },
  };
  const argv: Argv = new Proxy({} as Argv, {
    get: (_, called: string) => {
      if (called === 'parseAsync' || called === 'getHelp') return async () => '';
      return (...args: never[]) => {
        heard[called]?.(...args);
        return argv;
      };
    },
  });
  return argv;
}

function newCommand(path: string, describe: string): DeclaredCommand {
  return { path, describe, options: new Map(), positionals: [], commands: new Map() };
}

function addOption({ options }: DeclaredCommand, name: string, { alias, describe, type }: Options): void {
  const short = [alias ?? []].flat().find((one) => one.length === 1) ?? '';
  options.set(name, { name, short, describe: describe ?? '', takesValue: type === 'string' });
}

function addCommand(
  parent: DeclaredCommand,
  names: readonly string[],
  describe: string,
  build?: Build,
): void {
  const [main = '', ...aliases] = names;
  const [name = '', ...more] = main.split(' ');
  const command = newCommand(parent.path === '' ? name : `${parent.path} ${name}`, describe);
  for (const word of more)
    command.positionals.push({
      name: word.replace(/[[\]<>.]/g, ''),
      describe: '',
      isMany: word.includes('..'),
    });
  for (const one of [name, ...aliases]) parent.commands.set(one, command);
  build?.(listening(command));
}
