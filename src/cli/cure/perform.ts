import { applyCommand } from '../apply.ts';
import type { Args } from '../args.ts';
import type { Ruling } from '../config/ruling.ts';
import { fixCommand } from '../fix.ts';
import { gcCommand } from '../gc.ts';
import type { DoctorRequest } from '../request.ts';
import type { Terminal } from '../terminal.ts';
import { undoCommand } from '../undo.ts';
import { explaining } from './with-shop.ts';

const COMMANDS = { gc: gcCommand, apply: applyCommand, undo: undoCommand };

/** Runs a command that cures, or takes a cure back; gives the exit code. */
export function performCure(
  command: keyof typeof COMMANDS,
  args: Args,
  argv: readonly string[],
  terminal: Terminal,
  ruling: Ruling,
): Promise<number> {
  return explaining(terminal, () => COMMANDS[command](args, argv, terminal, ruling));
}

export function performFix(
  request: DoctorRequest,
  args: Args,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  return explaining(terminal, () => fixCommand(request, args, argv, terminal));
}
