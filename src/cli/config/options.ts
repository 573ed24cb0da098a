import type { Argv } from 'yargs';
import type { Args } from '../args.ts';

export const CONFIG_VERBS = ['view', 'check', 'schema'] as const;
export type ConfigVerb = (typeof CONFIG_VERBS)[number];

const OUTPUT = {
  type: 'string',
  nargs: 1,
  requiresArg: true,
  alias: 'o',
  describe: 'yaml (default) or json',
} as const;

/** Declares `podctl config VERB`; `take` hears which verb was given. */
export function configCommands(yargs: Argv, take: (verb: ConfigVerb, args: Args) => void): Argv {
  return yargs
    .command(
      'view',
      'Print what holds on this node',
      (y) =>
        y
          .options({
            origin: { type: 'boolean', describe: 'Say of each value where it comes from' },
            output: OUTPUT,
          })
          .example('$0 config view --origin', 'who says what'),
      (args: Args) => take('view', args),
    )
    .command(
      'check [file]',
      'List all that is wrong with the configuration, or with one file',
      (y) =>
        y
          .positional('file', { type: 'string', describe: 'All that are in force, without one' })
          .example('$0 config check new.yaml', 'before it is put in place')
          .epilogue('Exit codes: 0 right, 1 an ignore has expired, 2 wrong.'),
      (args: Args) => take('check', args),
    )
    .command(
      'schema',
      'Print the JSON Schema of the file',
      (y) =>
        y
          .options({ output: { ...OUTPUT, describe: 'json (default) or yaml' } })
          .example('$0 config schema > podctl.schema.json', 'for an editor'),
      (args: Args) => take('schema', args),
    )
    .example('$0 config view', 'what holds here, of all files and variables')
    .demandCommand(1, 1, `podctl config wants one of ${CONFIG_VERBS.join(', ')}`);
}
