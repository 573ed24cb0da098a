import type { Args } from './args.ts';
import type { Ruling } from './config/ruling.ts';
import { finish } from './cure/finish.ts';
import { gcRequest, outputOf } from './cure/request.ts';
import { underLock } from './cure/under-lock.ts';
import type { Terminal } from './terminal.ts';

/** `podctl gc KIND`: takes away what nobody owns any more. */
export async function gcCommand(
  args: Args,
  argv: readonly string[],
  terminal: Terminal,
  ruling: Ruling,
): Promise<number> {
  const request = gcRequest(args, terminal.env, argv, ruling);
  const output = outputOf(args);
  const manner = { command: `gc ${args.kind}`, tells: output.format === 'table', choose: null };
  return underLock(request, manner, terminal, (cured, places) =>
    finish(cured, request, output, places, terminal),
  );
}
