import { type Args, one, oneOf } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { SCRIPTS, type Shell } from './scripts.ts';

/** `podctl completion SHELL`: the script that the shell reads. */
export function completionCommand(args: Args, terminal: Terminal): number {
  const shells = Object.keys(SCRIPTS) as Shell[];
  terminal.out(SCRIPTS[oneOf('completion', shells, one(args, 'shell') ?? '')]);
  return 0;
}
