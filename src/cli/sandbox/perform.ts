import { CniError } from '../../cni/error.ts';
import { escapeText } from '../../report/escape.ts';
import { StartError } from '../../sandbox/attach.ts';
import { SandboxError } from '../../sandbox/error.ts';
import type { Args } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { checkCommand } from './check.ts';
import type { SandboxVerb } from './commands.ts';
import { createCommand } from './create.ts';
import { execCommand } from './exec.ts';
import { inspectCommand, listCommand } from './list.ts';
import { logsCommand } from './logs.ts';
import { removeCommand, stopCommand } from './remove.ts';
import { repairCommand } from './repair.ts';
import { runCommand } from './run.ts';

const COMMANDS: Record<SandboxVerb, (args: Args, terminal: Terminal) => Promise<number>> = {
  create: createCommand,
  ls: listCommand,
  inspect: inspectCommand,
  run: runCommand,
  exec: execCommand,
  logs: logsCommand,
  stop: stopCommand,
  rm: removeCommand,
  repair: repairCommand,
  check: checkCommand,
};

/** 1: begun and not ended well. 3: refused, because another podctl is at it, or the runtime cannot be seen. */
const EXIT = { failed: 1, busy: 3, unseen: 3 } as const;

/** Runs `podctl sandbox VERB`; gives the exit code. */
export async function performSandbox(verb: SandboxVerb, args: Args, terminal: Terminal): Promise<number> {
  try {
    return await COMMANDS[verb](args, terminal);
  } catch (error) {
    if (error instanceof CniError) throw new UsageError(error.message);
    if (!(error instanceof SandboxError)) throw error;
    if (error.kind === 'usage') throw new UsageError(error.message, error.hint);
    if (error instanceof StartError && error.isTold) return error.exitCode;
    terminal.err(`error: ${escapeText(error.message)}\n`);
    if (error.hint !== '') terminal.err(`hint: ${escapeText(error.hint)}\n`);
    return error instanceof StartError ? error.exitCode : EXIT[error.kind];
  }
}
