import type { Places } from '../../remedy/print.ts';
import { carryOut, openRun, sweepRuns, unfinishedRun } from '../../remedy/run.ts';
import { openSessions } from '../../remedy/sessions.ts';
import { escapeText } from '../../report/escape.ts';
import { SandboxError } from '../../sandbox/error.ts';
import { withLock } from '../../sandbox/lock.ts';
import { placesOf, type Workshop } from '../../sandbox/workshop.ts';
import { openShop } from '../sandbox/shop.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** What is told about where things are, and how it is worked. */
export interface ShopRequest {
  stateDir: string;
  /** For another podctl that finds the lock taken. */
  command: string;
  /** False: nothing is written, and no lock is taken. */
  writes: boolean;
  /** Runs that began longer ago are forgotten, with what they put aside. */
  keepMs: number;
  timeoutMs: number;
}

const EXIT_BUSY = 3;
const EXIT_FAILED = 1;

/**
 * Works with the state folder while no other podctl cures this node; gives the exit code. `shop` is null where
 * there is no state folder and none is made.
 */
export async function withShop(
  request: ShopRequest,
  terminal: Terminal,
  work: (shop: Workshop | null) => Promise<number>,
): Promise<number> {
  const { stateDir, command, writes, keepMs } = request;
  const sessions = openSessions(request.timeoutMs);
  try {
    const opened = openShop({ 'state-dir': stateDir }, terminal, command, writes);
    const shop = opened && { ...opened, remedy: { ...opened.remedy, session: sessions.session } };
    if (!shop || !writes) return await work(shop);
    const lock = { name: 'node', what: 'this node', command, waitMs: shop.waitMs };
    return await withLock(shop.state, lock, async () => {
      const { root } = shop.state;
      const unfinished = tellUnfinished(root, terminal);
      const code = await work(shop);
      // Told once: a run without plans says that it was taken up, where nothing was left to do.
      if (unfinished !== null && unfinishedRun(root)?.name === unfinished)
        await carryOut([], shop.remedy, openRun(root, new Date(shop.remedy.now()), []));
      sweepRuns(root, keepMs);
      return code;
    });
  } finally {
    sessions.close();
  }
}

/** Runs a command that works with the state folder; what that refuses is told in a line or two. */
export async function explaining(terminal: Terminal, command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    if (error.kind === 'usage') throw new UsageError(error.message, error.hint);
    terminal.err(`error: ${escapeText(error.message)}\n`);
    if (error.hint !== '') terminal.err(`hint: ${escapeText(error.hint)}\n`);
    return error.kind === 'busy' ? EXIT_BUSY : EXIT_FAILED;
  }
}

/** Name of a run that was killed, after telling about it: what it left is found again by looking. */
function tellUnfinished(stateRoot: string, terminal: Terminal): string | null {
  const run = unfinishedRun(stateRoot);
  if (!run) return null;
  const ended = run.lines.filter((line) => line.event === 'ended').length;
  const steps = run.plans.reduce((sum, plan) => sum + plan.steps.length, 0);
  const open = run.open ? `, within step ${run.open.step} of plan ${run.open.plan + 1}` : '';
  terminal.err(
    `note: run ${run.name} ended after ${ended} of ${steps} steps${open}; going on from what is there\n`,
  );
  return run.name;
}

/** What printing a plan looks up, also where there is no state folder. */
export function placesFor(shop: Workshop | null): Places {
  if (shop) return placesOf(shop);
  return { recordFile: (id) => `${id}.json`, folderOf: (id) => id, record: () => null };
}
