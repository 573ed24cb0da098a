import type { Args } from '../args.ts';
import type { Ruling } from '../config/ruling.ts';
import type { Terminal } from '../terminal.ts';
import type { InsideVerb } from './commands.ts';

type Command = (args: Args, terminal: Terminal, rulingOf: () => Promise<Ruling>) => Promise<number>;

/** Each is loaded when it is asked for. */
const COMMANDS: Record<InsideVerb, () => Promise<Command>> = {
  ps: async () => (await import('./ps.ts')).psCommand,
  tree: async () => (await import('./tree.ts')).treeCommand,
  inspect: async () => (await import('./inspect.ts')).inspectCommand,
  netns: async () => (await import('./netns.ts')).netnsCommand,
  logs: async () => (await import('./logs.ts')).logsCommand,
  owner: async () => (await import('./owner.ts')).ownerCommand,
};

/** Runs one of the commands that look inside; gives the exit code. `rulingOf`: for what is judged as well. */
export async function performInside(
  verb: InsideVerb,
  args: Args,
  terminal: Terminal,
  rulingOf: () => Promise<Ruling>,
): Promise<number> {
  const command = await COMMANDS[verb]();
  return command(args, terminal, rulingOf);
}
