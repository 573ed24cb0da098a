import { CniError } from '../../cni/error.ts';
import { escapeText } from '../../report/escape.ts';
import { StartError } from '../../sandbox/attach.ts';
import { SandboxError } from '../../sandbox/error.ts';
import type { Args } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { SandboxVerb } from './commands.ts';

type Command = (args: Args, terminal: Terminal) => Promise<number>;

/** Loaded when it is the one that was given: the others take as long again. */
const COMMANDS: Record<SandboxVerb, () => Promise<Command>> = {
  create: async () => (await import('./create.ts')).createCommand,
  ls: async () => (await import('./list.ts')).listCommand,
  inspect: async () => (await import('./list.ts')).inspectCommand,
  run: async () => (await import('./run.ts')).runCommand,
  exec: async () => (await import('./exec.ts')).execCommand,
  logs: async () => (await import('./logs.ts')).logsCommand,
  stop: async () => (await import('./remove.ts')).stopCommand,
  rm: async () => (await import('./remove.ts')).removeCommand,
  repair: async () => (await import('./repair.ts')).repairCommand,
  check: async () => (await import('./check.ts')).checkCommand,
};

/** 1: begun and not ended well. 3: refused, because another podctl is at it, or the runtime cannot be seen. */
const EXIT = { failed: 1, busy: 3, unseen: 3 } as const;

/** Runs `podctl sandbox VERB`; gives the exit code. */
export async function performSandbox(verb: SandboxVerb, args: Args, terminal: Terminal): Promise<number> {
  try {
    const command = await COMMANDS[verb]();
    return await command(args, terminal);
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
