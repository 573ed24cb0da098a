import yargs from 'yargs';
import type { Args } from './args.ts';
import { nearNames } from './near.ts';
import { checksOptions, doctorOptions, GLOBAL_OPTIONS, VERSION_OPTIONS } from './options.ts';
import { UsageError } from './usage-error.ts';

export type Parsed =
  | { command: (typeof COMMANDS)[number]; args: Args }
  | { command: 'help'; text: string; asked: boolean };

const COLUMNS = 80;
const COMMANDS = ['doctor', 'checks', 'version'] as const;

/** What a command line says, without doing it. Throws a UsageError on anything that it should not say. */
export async function parseArgv(argv: readonly string[]): Promise<Parsed> {
  let found: Parsed | undefined;
  let output = '';
  const take = (command: (typeof COMMANDS)[number]) => (args: Args) => {
    found = { command, args };
  };
  const parser = yargs()
    .scriptName('podctl')
    .usage('podctl <command>\n\nFinds and explains faults of Kubernetes pod sandboxes on this node.')
    .locale('en')
    .detectLocale(false)
    .version(false)
    .exitProcess(false)
    .wrap(COLUMNS)
    .strict()
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'boolean-negation': false,
    })
    .help('help')
    .alias('h', 'help')
    .options(GLOBAL_OPTIONS)
    .command(
      'doctor [check..]',
      'Look at the node, name its faults and their cures',
      doctorOptions,
      take('doctor'),
    )
    .command('checks [id]', 'List the checks, or explain one', checksOptions, take('checks'))
    .command('version', 'Print the version', (y) => y.options(VERSION_OPTIONS), take('version'))
    .fail(false);
  const lone = argv.length === 1 && argv[0] === '--version';
  refuseUnknownCommand(argv[0]);
  const words = lone ? ['version'] : argv.flatMap(spreadVerbosity);
  try {
    await parser.parseAsync(words, {}, (_error, _args, text) => {
      output = text;
    });
  } catch (error) {
    const command = COMMANDS.find((name) => name === words[0]);
    throw new UsageError(sentence(error), `podctl ${command ? `${command} ` : ''}--help`);
  }
  if (output !== '') return { command: 'help', text: `${output}\n`, asked: true };
  if (found) return found;
  return { command: 'help', text: `${await parser.getHelp()}\n`, asked: false };
}

function refuseUnknownCommand(word: string | undefined): void {
  if (word === undefined || word.startsWith('-') || COMMANDS.some((name) => name === word)) return;
  const [near] = nearNames(word, COMMANDS);
  throw new UsageError(
    `no command is called "${word}"`,
    near === undefined ? 'podctl --help' : `did you mean podctl ${near}?`,
  );
}

/** kubectl's `-v=2` means `-v -v`. */
function spreadVerbosity(word: string): string[] {
  const count = /^(?:-v|--verbose)=(\d)$/.exec(word)?.[1];
  return count === undefined ? [word] : Array.from({ length: Number(count) }, () => '-v');
}

function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase());
}
