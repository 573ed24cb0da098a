import type { Argv, Options } from 'yargs';
import type { Args } from '../args.ts';
import { CHECKS } from '../cure/options.ts';
import { LIVE, SAVED, value } from '../inside/commands.ts';

/** What whoever writes a check asks for. */
export type AuthorVerb = 'facts' | 'new' | 'test';

type Take = (verb: AuthorVerb, args: Args) => void;

const FORMATS = value('table, json or yaml', { alias: 'o' });
const SCHEMA: Options = { type: 'boolean', describe: 'Print their JSON Schema, and look at nothing' };
const EXAMPLE: Options = {
  type: 'boolean',
  describe: 'Those of the example node that tests of checks begin with',
};

export function factsOptions(yargs: Argv): Argv {
  return yargs
    .positional('name', { type: 'string', describe: 'One of them, as checks get it; all without one' })
    .options({
      jq: value('Print what this jq expression makes of the value, or of all values by name'),
      schema: SCHEMA,
      example: EXAMPLE,
      output: FORMATS,
      ...SAVED,
      ...LIVE,
    })
    .example('$0 facts', 'what there is to be known of this node')
    .example("$0 facts sandboxes --jq '.[].name'", 'what a check that needs sandboxes works on')
    .example('$0 facts --schema sandboxes', 'its JSON Schema')
    .epilogue('Exit codes: 0 seen, 1 the node has no such thing, 2 usage, 3 not all could be seen.');
}

/** Declares what stands beside `podctl checks [id]`. No id of a check is such a word: it has a slash. */
export function authorCommands(yargs: Argv, take: Take): Argv {
  return yargs
    .command(
      'new <id>',
      'Write a check that works, and its test',
      (y) =>
        y
          .positional('id', { type: 'string', describe: 'VENDOR.AREA/NOUN, such as acme.pods/crowded' })
          .options({
            jq: { type: 'boolean', describe: 'A jq expression in YAML, not a module' },
            exec: { type: 'boolean', describe: 'A program, not a module' },
            dir: value('Folder to write to (the current one)'),
          })
          .example('$0 checks new acme.pods/crowded', 'a module, which podctl checks test tries'),
      (args: Args) => take('new', args),
    )
    .command(
      'test <file>',
      'Judge a node by one file of checks, or run the test of one',
      (y) =>
        y
          .positional('file', {
            type: 'string',
            describe: 'NAME.check.mjs, NAME.check.yaml or NAME.test.yaml',
          })
          .options({
            'fail-on': value('Exit 1 from this severity on: error (default), warning, info, never'),
            'min-age': value('Younger objects are being made, not leaked (1m)'),
            output: value('table (default) or json, the report of podctl doctor', { alias: 'o' }),
            ...SAVED,
            ...LIVE,
          })
          .example('$0 checks test crowded.check.mjs', 'on this node')
          .example('$0 checks test crowded.test.yaml', 'on the example nodes of its test')
          .epilogue(
            'Exit codes: 0 no fault, 1 faults or a test that fails, 2 the file cannot be used, 3 not all could be seen.',
          ),
      (args: Args) => take('test', args),
    );
}

export function explainOptions(yargs: Argv): Argv {
  return yargs
    .positional('id', { type: 'string', describe: 'e.g. netns/mismatch' })
    .options({ checks: CHECKS, output: value('table (default), json, yaml or name', { alias: 'o' }) })
    .example('$0 explain netns/leaked', 'why it matters, what proves it, what it never reports');
}
