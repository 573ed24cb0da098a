import { execInSandbox } from '../../sandbox/exec.ts';
import { requireSandbox } from '../../sandbox/lookup.ts';
import { listRecords } from '../../sandbox/records.ts';
import { type Args, one } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { EMPTY_LIST } from './list.ts';
import { whilePassing } from './pass-signals.ts';
import { givenEnv, isInteractive, mergeEnv, plainEnv, programOf } from './program.ts';
import { cwdOf } from './run.ts';
import { openShop } from './shop.ts';

/** `podctl sandbox exec`: the program's exit code. */
export async function execCommand(args: Args, terminal: Terminal): Promise<number> {
  const sandbox = one(args, 'sandbox') ?? '';
  const command = programOf(args, 'exec');
  const given = givenEnv(args);
  const cwd = cwdOf(args);
  const container = one(args, 'container') ?? null;
  const shop = openShop(args, terminal, `sandbox exec ${sandbox}`, false);
  const record = requireSandbox(shop ? listRecords(shop.state) : EMPTY_LIST, sandbox);
  if (!shop) return 0;
  const env = container === null ? mergeEnv(plainEnv(record, terminal, true), given) : given;
  return whilePassing((started) =>
    execInSandbox(
      shop,
      record,
      { container, command, cwd, env },
      { terminal: isInteractive(terminal), started },
    ),
  );
}
