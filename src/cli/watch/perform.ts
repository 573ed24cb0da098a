import type { Args } from '../args.ts';
import type { Ruling } from '../config/ruling.ts';
import { kindOf } from '../kind-of.ts';
import { stoppable } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { watchRequest } from './request.ts';
import { watch } from './watch.ts';

/** `podctl doctor --watch`: until a signal ends it, or nobody reads any more. */
export async function performWatch(args: Args, ruling: Ruling, terminal: Terminal): Promise<number> {
  const request = watchRequest(args, terminal.env, ruling, kindOf);
  const stop = stoppable(null);
  try {
    await watch(request, terminal, stop);
    return stop.exitCode() ?? 0;
  } finally {
    stop.done();
  }
}
