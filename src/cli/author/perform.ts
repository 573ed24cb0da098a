import type { Args } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import type { AuthorVerb } from './options.ts';

type Command = (args: Args, terminal: Terminal) => Promise<number>;

/** Each is loaded when it is asked for. */
const COMMANDS: Record<AuthorVerb, () => Promise<Command>> = {
  facts: async () => (await import('../facts/perform.ts')).factsCommand,
  new: async () => (await import('./new.ts')).newCommand,
  test: async () => (await import('./test.ts')).testCommand,
};

/** Runs one of the commands for whoever writes checks; gives the exit code. */
export async function performAuthor(verb: AuthorVerb, args: Args, terminal: Terminal): Promise<number> {
  const command = await COMMANDS[verb]();
  return command(args, terminal);
}
