import type { Args } from '../args.ts';
import { builtinChecks } from '../builtin-checks.ts';
import { kindOf } from '../kind-of.ts';
import { stoppable } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { watchRequest } from './request.ts';
import { watch } from './watch.ts';

/** `podctl doctor --watch`: until a signal ends it, or nobody reads any more. */
export async function performWatch(args: Args, terminal: Terminal): Promise<number> {
  const request = watchRequest(args, terminal.env, builtinChecks, kindOf);
  const stop = stoppable(null);
  try {
    await watch(request, terminal, stop);
    return stop.exitCode() ?? 0;
  } finally {
    stop.done();
  }
}
