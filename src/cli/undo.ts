import type { Args } from './args.ts';
import type { Terminal } from './terminal.ts';

export async function undoCommand(
  _args: Args,
  _argv: readonly string[],
  _terminal: Terminal,
): Promise<number> {
  return 2;
}
