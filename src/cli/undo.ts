import { shellLine } from '../check/shell-line.ts';
import { printAction } from '../remedy/print.ts';
import { carryOut, listRuns, openRun } from '../remedy/run.ts';
import { type PutAside, planUndo, putAside, type Written } from '../remedy/undo.ts';
import { escapeText } from '../report/escape.ts';
import { openState } from '../sandbox/state-folder.ts';
import type { Workshop } from '../sandbox/workshop.ts';
import { type Args, one } from './args.ts';
import { consentFor, isYes, questionFor } from './cure/consent.ts';
import { outputOf, stateDirOf } from './cure/request.ts';
import { stepText } from './cure/text.ts';
import { placesFor, withShop } from './cure/with-shop.ts';
import { parseDuration } from './duration.ts';
import { renderData } from './sandbox/output.ts';
import { stoppable } from './signals.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const KEEP = '24h';
const TIMEOUT_MS = 10_000;
const NEVER =
  'note: addresses, attachments and processes are never given back: somebody else may have them by now';

/** `podctl undo [RUN]`: gives configuration files back that a run wrote, where they are still what it wrote. */
export async function undoCommand(args: Args, argv: readonly string[], terminal: Terminal): Promise<number> {
  const { format } = outputOf(args);
  const stateDir = stateDirOf(args, terminal.env);
  const keepMs = parseDuration('--keep', one(args, 'keep') ?? KEEP);
  const runs = await runsIn(stateDir);
  if (args.list === true) return list(runs, format, terminal);
  const run = chosen(runs, one(args, 'run'));
  if (run.removed.length + run.others > 0) terminal.err(`${NEVER}; copies: ${escapeText(run.folder)}/kept\n`);
  const plan = planUndo(run);
  for (const file of run.written) if (file.state !== 'written') terminal.err(`note: ${leftAlone(file)}\n`);
  if (!plan) return run.written.some(({ state }) => state === 'changed') ? 3 : nothing(run, terminal);
  const consent = consentFor({
    dryRun: args['dry-run'] === true,
    yes: args.yes === true,
    canAsk: terminal.canAsk(),
  });
  const places = placesFor(null);
  const commands = plan.steps.flatMap(({ action }) => printAction(action, places)).map(shellLine);
  if (consent !== 'carry-out')
    (consent === 'ask' ? terminal.err : terminal.out)(
      commands.map((line) => `${escapeText(line)}\n`).join(''),
    );
  if (consent === 'show') return 1;
  if (consent === 'refuse') {
    terminal.err(`error: nothing was changed: nobody said yes\n`);
    terminal.err(`hint: ${escapeText(shellLine(['podctl', ...argv, '--yes']))}\n`);
    return 2;
  }
  const stop = stoppable(null);
  const question = questionFor(plan.steps.map(() => plan.risk));
  try {
    if (consent === 'ask' && !isYes(question, await terminal.ask(question.text, stop.signal))) return 2;
    const shopRequest = { stateDir, command: 'undo', writes: true, keepMs, timeoutMs: TIMEOUT_MS };
    return await withShop(shopRequest, terminal, async (shop) => {
      const steps = await carry(shop, plan, stop.signal);
      for (const { step, result } of steps) terminal.out(stepText({ step, result }, places));
      const isLeft = steps.some(({ result }) => !['done', 'nothing-to-do'].includes(result.status));
      return stop.exitCode() ?? (isLeft ? 1 : 0);
    });
  } finally {
    stop.done();
  }
}

async function runsIn(stateDir: string): Promise<PutAside[]> {
  const state = openState(stateDir, { create: false });
  const runs: PutAside[] = [];
  for (const run of state ? listRuns(state.root) : []) runs.push(await putAside(run));
  return runs;
}

/** The one that was named, else the last one that has something to give back, else the last one. */
function chosen(runs: readonly PutAside[], wanted: string | undefined): PutAside {
  const run =
    wanted === undefined
      ? (runs.findLast((r) => planUndo(r) !== null) ?? runs.at(-1))
      : runs.find((r) => r.name === wanted);
  if (run) return run;
  throw new UsageError(
    wanted === undefined ? 'there is no run to undo' : `there is no run "${wanted}"`,
    'podctl undo --list shows all',
  );
}

async function carry(
  shop: Workshop | null,
  plan: NonNullable<ReturnType<typeof planUndo>>,
  stop: AbortSignal,
) {
  if (!shop) throw new Error('the state folder is gone');
  const run = openRun(shop.state.root, new Date(shop.remedy.now()), [plan]);
  const [done] = await carryOut([plan], shop.remedy, run, () => {}, stop);
  return (done?.steps ?? []).flatMap((result, i) => {
    const step = plan.steps[i];
    return step ? [{ step, result }] : [];
  });
}

function leftAlone({ path, state, copy }: Written): string {
  if (state === 'restored') return `${escapeText(path)} is as it was before`;
  const what = state === 'gone' ? 'is gone' : 'was changed since';
  return `${escapeText(path)} ${what}, and is left alone; its copy is ${escapeText(copy)}`;
}

function nothing({ name }: PutAside, terminal: Terminal): number {
  terminal.out(`run ${name} wrote no configuration that could be given back\n`);
  return 0;
}

async function list(
  runs: readonly PutAside[],
  format: ReturnType<typeof outputOf>['format'],
  terminal: Terminal,
): Promise<number> {
  if (format === 'table')
    for (const { name, written, removed, others } of runs) {
      const files = written.map(({ path, state }) => `${escapeText(path)} (${state})`).join(', ');
      terminal.out(
        `${name}  wrote ${files || 'nothing'}; removed ${removed.length} files, ${others} others\n`,
      );
    }
  else terminal.out(await renderData({ schema: 'podctl.runs/v1', runs }, format));
  return 0;
}
