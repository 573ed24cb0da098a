import { type Args, one, oneOf } from '../args.ts';
import { UsageError } from '../usage-error.ts';

/** True when a command is to work through the node's runtime. Options that make sense there only are refused else. */
export function isVia(args: Args, only: readonly string[] = []): boolean {
  const via = one(args, 'via');
  if (via !== undefined) return oneOf('--via', ['cri'], via) === 'cri';
  for (const option of ['runtime-endpoint', ...only])
    if (args[option] !== undefined)
      throw new UsageError(`--${option}: podctl's own sandboxes have none`, 'add --via cri');
  return false;
}

/** Throws UsageError on options of podctl's own sandboxes that a runtime knows nothing of. */
export function refuseOwn(args: Args, options: Record<string, string>): void {
  for (const [option, why] of Object.entries(options))
    if (args[option] !== undefined) throw new UsageError(`--${option} cannot go with --via cri: ${why}`);
}
