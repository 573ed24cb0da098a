import yargs from 'yargs';
import type { Args } from './args.ts';
import { type ConfigVerb, configCommands } from './config/options.ts';
import { applyOptions, gcOptions, undoOptions } from './cure/options.ts';
import { INSIDE_VERBS, type InsideVerb, insideCommands } from './inside/commands.ts';
import { nearNames } from './near.ts';
import {
  checksOptions,
  doctorOptions,
  GLOBAL_OPTIONS,
  pauseImageOptions,
  VERSION_OPTIONS,
  WITH_SHORT_CONFIG,
} from './options.ts';
import { type SandboxVerb, sandboxCommands } from './sandbox/commands.ts';
import { UsageError } from './usage-error.ts';

type Plain = 'doctor' | 'gc' | 'apply' | 'undo' | 'checks';
/** What no configuration says anything about. */
type Alone = 'version' | 'pause image';

export type Parsed =
  | { command: 'inside'; verb: InsideVerb; args: Args }
  | { command: Plain; args: Args }
  | { command: Alone; args: Args }
  | { command: 'sandbox'; verb: SandboxVerb; args: Args }
  | { command: 'config'; verb: ConfigVerb; args: Args }
  | { command: 'help'; text: string; asked: boolean };

const COLUMNS = 80;
const COMMANDS = [
  'doctor',
  'gc',
  'apply',
  'undo',
  ...INSIDE_VERBS,
  'sandbox',
  'pause',
  'checks',
  'config',
  'version',
] as const;

/** Thrown when a command line is understood: yargs would go on and render the help text, for a fifth of a start. */
const TAKEN = new Error('taken');

/** What a command line says, without doing it. Throws a UsageError on anything that it should not say. */
export async function parseArgv(argv: readonly string[]): Promise<Parsed> {
  let found: Parsed | undefined;
  let output = '';
  const take = (command: Plain | Alone) => (args: Args) => {
    found = { command, args };
    throw TAKEN;
  };
  const takeVerb = (verb: SandboxVerb, args: Args) => {
    found = { command: 'sandbox', verb, args: rest === null ? args : { ...args, '--': rest } };
    throw TAKEN;
  };
  const takeInside = (verb: InsideVerb, args: Args) => {
    found = { command: 'inside', verb, args };
    throw TAKEN;
  };
  const takeConfig = (verb: ConfigVerb, args: Args) => {
    found = { command: 'config', verb, args };
    throw TAKEN;
  };
  const [first] = argv;
  const named = COMMANDS.find((name) => name === first);
  const parser = yargs()
    .scriptName('podctl')
    .usage(
      'podctl <command>\n\nFinds and explains faults of Kubernetes pod sandboxes on this node, and makes sandboxes of its own.',
    )
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
    .options(named === undefined || named === 'sandbox' ? GLOBAL_OPTIONS : WITH_SHORT_CONFIG)
    .fail(false);
  // Telling yargs of commands that were not given costs more than some of them do.
  const declares = (name: (typeof COMMANDS)[number]) => named === undefined || named === name;
  if (declares('doctor'))
    parser.command(
      'doctor [check..]',
      'Look at the node, name its faults and their cures',
      doctorOptions,
      take('doctor'),
    );
  if (declares('gc'))
    parser.command('gc <kind>', 'Take away what nobody owns any more', gcOptions, take('gc'));
  if (declares('apply'))
    parser.command(
      'apply <file>',
      'Carry out a plan that was saved, proved again',
      applyOptions,
      take('apply'),
    );
  if (declares('undo'))
    parser.command('undo [run]', 'Give configuration files back as they were', undoOptions, take('undo'));
  if (INSIDE_VERBS.some(declares)) insideCommands(parser, takeInside);
  if (declares('sandbox'))
    parser.command('sandbox', "Make, examine and repair podctl's own pod sandboxes", (y) =>
      sandboxCommands(y, named && argv[1], takeVerb),
    );
  if (declares('pause'))
    parser.command('pause', "podctl's own pause", (y) =>
      y
        .command(
          'image',
          'Write it as an OCI archive, for ctr, podman and skopeo',
          pauseImageOptions,
          take('pause image'),
        )
        .demandCommand(1, 1, 'podctl pause wants: image'),
    );
  if (declares('checks'))
    parser.command('checks [id]', 'List the checks, or explain one', checksOptions, take('checks'));
  if (declares('config'))
    parser.command('config', 'Show, check and describe the configuration', (y) =>
      configCommands(y, takeConfig),
    );
  if (declares('version'))
    parser.command('version', 'Print the version', (y) => y.options(VERSION_OPTIONS), take('version'));
  const lone = argv.length === 1 && first === '--version';
  refuseUnknownCommand(first);
  const { own, rest } = splitCommand(argv);
  const words = lone ? ['version'] : own.flatMap(spreadVerbosity);
  try {
    await parser.parseAsync(words, {}, (_error, _args, text) => {
      output = text;
    });
  } catch (error) {
    if (error === TAKEN && found) return found;
    const command = COMMANDS.find((name) => name === words[0]);
    throw new UsageError(sentence(error), `podctl ${command ? `${command} ` : ''}--help`);
  }
  if (output !== '') return { command: 'help', text: `${output}\n`, asked: true };
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

/** What is run in a sandbox is not ours to parse: all that comes after the first `--`. Null: there is none. */
function splitCommand(argv: readonly string[]): { own: readonly string[]; rest: readonly string[] | null } {
  const at = argv[0] === 'sandbox' ? argv.indexOf('--') : -1;
  return at < 0 ? { own: argv, rest: null } : { own: argv.slice(0, at), rest: argv.slice(at + 1) };
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
