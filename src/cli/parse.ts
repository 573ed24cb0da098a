import yargs, { type Argv } from 'yargs';
import type { Args } from './args.ts';
import { type AuthorVerb, authorCommands, explainOptions, factsOptions } from './author/options.ts';
import { completionOptions } from './completion/options.ts';
import { type ConfigVerb, configCommands } from './config/options.ts';
import { applyOptions, gcOptions, undoOptions } from './cure/options.ts';
import { INSIDE_VERBS, type InsideVerb, insideCommands } from './inside/commands.ts';
import { nearNames } from './near.ts';
import {
  checksOptions,
  diffOptions,
  doctorOptions,
  GLOBAL_OPTIONS,
  pauseImageOptions,
  versionOptions,
  WITH_SHORT_CONFIG,
} from './options.ts';
import { parseFault } from './parse-fault.ts';
import { SANDBOX_VERBS, type SandboxVerb, sandboxCommands } from './sandbox/commands.ts';
import { UsageError } from './usage-error.ts';

type Plain = 'doctor' | 'gc' | 'apply' | 'undo' | 'checks';
/** What no configuration says anything about. */
type Alone = 'diff' | 'version' | 'pause image' | 'completion';

export type Parsed =
  | { command: 'inside'; verb: InsideVerb; args: Args }
  | { command: Plain; args: Args }
  | { command: Alone; args: Args }
  | { command: 'author'; verb: AuthorVerb; args: Args }
  | { command: 'sandbox'; verb: SandboxVerb; args: Args }
  | { command: 'config'; verb: ConfigVerb; args: Args }
  | { command: 'help'; text: string; asked: boolean };

const COLUMNS = 80;
const COMMANDS = [
  'doctor',
  'diff',
  'gc',
  'apply',
  'undo',
  ...INSIDE_VERBS,
  'sandbox',
  'pause',
  'checks',
  'explain',
  'facts',
  'config',
  'completion',
  'version',
] as const;

/** Thrown when a command line is understood: yargs would go on and render the help text, for a fifth of a start. */
const TAKEN = new Error('taken');

/**
 * What a command line says, without doing it. Throws a UsageError on anything that it should not say. `make`: who is
 * told of the commands, in the place of yargs.
 */
export async function parseArgv(
  argv: readonly string[],
  calledAs = 'podctl',
  make: () => Argv = () => yargs(),
): Promise<Parsed> {
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
  const takeAuthor = (verb: AuthorVerb, args: Args) => {
    found = { command: 'author', verb, args };
    throw TAKEN;
  };
  const takeConfig = (verb: ConfigVerb, args: Args) => {
    found = { command: 'config', verb, args };
    throw TAKEN;
  };
  const [first] = argv;
  const named = COMMANDS.find((name) => name === first);
  const parser = make()
    .scriptName(calledAs)
    .usage(
      '$0 <command>\n\nFinds and explains faults of Kubernetes pod sandboxes on this node, and makes sandboxes of its own.',
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
  // Of a command that was named only its own are told.
  if (named === undefined) examples(parser);
  // Telling yargs of commands that were not given costs more than some of them do.
  const declares = (name: (typeof COMMANDS)[number]) => named === undefined || named === name;
  if (declares('doctor'))
    parser.command(
      'doctor [check..]',
      'Look at the node, name its faults and their cures',
      doctorOptions,
      take('doctor'),
    );
  if (declares('diff'))
    parser.command(
      'diff <from> <to>',
      'What is found now and was not, between two reports or snapshots',
      diffOptions,
      take('diff'),
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
        .example('$0 pause image -o pause.tar', 'for a node that cannot pull one')
        .demandCommand(1, 1, 'podctl pause wants: image'),
    );
  if (declares('checks'))
    parser.command(
      'checks [id]',
      'List the checks, explain one, write and try your own',
      (y) => authorCommands(checksOptions(y), takeAuthor),
      take('checks'),
    );
  if (declares('explain'))
    parser.command('explain <id>', 'Explain a check: podctl checks ID', explainOptions, take('checks'));
  if (declares('facts'))
    parser.command('facts [name]', 'Print what can be known of this node', factsOptions, (args: Args) =>
      takeAuthor('facts', args),
    );
  if (declares('config'))
    parser.command('config', 'Show, check and describe the configuration', (y) =>
      configCommands(y, takeConfig),
    );
  if (declares('completion'))
    parser.command(
      'completion <shell>',
      'Print what makes a shell complete command lines',
      completionOptions,
      take('completion'),
    );
  if (declares('version')) parser.command('version', 'Print the version', versionOptions, take('version'));
  const lone = argv.length === 1 && first === '--version';
  refuseUnknownCommand(argv);
  const { own, rest } = splitCommand(argv);
  const words = lone ? ['version'] : own.flatMap(spreadVerbosity).map((word) => stdinIn(first, word));
  try {
    await parser.parseAsync(words, {}, (_error, _args, text) => {
      output = text;
    });
  } catch (error) {
    if (error === TAKEN && found) return found;
    const options = parser.parsed === false ? [] : Object.keys(parser.parsed.aliases);
    throw parseFault(error, words, helpOf(words), options);
  }
  if (output !== '') return { command: 'help', text: `${output}\n`, asked: true };
  return { command: 'help', text: `${await parser.getHelp()}\n`, asked: false };
}

function examples(parser: Argv): void {
  parser
    .example('$0 doctor', 'what is wrong with this node, and the cure')
    .example('$0 ps', 'its pods, and what they hold')
    .example('$0 gc orphans --dry-run', 'what nobody owns any more');
}

/** Words that must follow a command. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  sandbox: [...SANDBOX_VERBS, 'list'],
  pause: ['image'],
};

/** yargs would take a verb that there is not for an argument too many. */
function refuseUnknownCommand([first, second]: readonly string[]): void {
  refuseUnlike(first, COMMANDS, '');
  const verbs = VERBS[first ?? ''];
  if (verbs !== undefined) refuseUnlike(second, verbs, `${first} `);
}

function refuseUnlike(word: string | undefined, names: readonly string[], before: string): void {
  if (word === undefined || word.startsWith('-') || names.includes(word)) return;
  const [near] = nearNames(word, names);
  throw new UsageError(
    `no command is called "${before}${word}"`,
    near === undefined ? `podctl ${before}--help` : `did you mean podctl ${before}${near}?`,
  );
}

function helpOf([first, second]: readonly string[]): string {
  const verb = VERBS[first ?? '']?.find((name) => name === second);
  return ['podctl', COMMANDS.find((name) => name === first), verb, '--help'].filter(Boolean).join(' ');
}

/** What is run in a sandbox is not ours to parse: all that comes after the first `--`. Null: there is none. */
function splitCommand(argv: readonly string[]): { own: readonly string[]; rest: readonly string[] | null } {
  const at = argv[0] === 'sandbox' ? argv.indexOf('--') : -1;
  return at < 0 ? { own: argv, rest: null } : { own: argv.slice(0, at), rest: argv.slice(at + 1) };
}

/** yargs takes a lone dash for an empty word. */
function stdinIn(command: string | undefined, word: string): string {
  return command === 'diff' && word === '-' ? '/dev/stdin' : word;
}

/** kubectl's `-v=2` means `-v -v`. */
function spreadVerbosity(word: string): string[] {
  const count = /^(?:-v|--verbose)=(\d)$/.exec(word)?.[1];
  return count === undefined ? [word] : Array.from({ length: Number(count) }, () => '-v');
}
