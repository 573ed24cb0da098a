import { shellLine } from '../check/shell-line.ts';
import type { Plan, StepResult } from '../model/plan.ts';
import { printAction } from '../remedy/print.ts';
import { carryOut, listRuns, openRun } from '../remedy/run.ts';
import { isDue, type PutAside, planUndo, putAside } from '../remedy/undo.ts';
import { escapeText } from '../report/escape.ts';
import { openState } from '../sandbox/state-folder.ts';
import type { Workshop } from '../sandbox/workshop.ts';
import { type Args, one } from './args.ts';
import { type Consent, consentFor, isYes, questionFor } from './cure/consent.ts';
import { outputOf, stateDirOf } from './cure/request.ts';
import { stepText } from './cure/text.ts';
import { leftAlone, listText, NEVER } from './cure/undo-text.ts';
import { placesFor, withShop } from './cure/with-shop.ts';
import { parseDuration } from './duration.ts';
import { renderData } from './sandbox/output.ts';
import { type Stoppable, stoppable } from './signals.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const KEEP = '24h';
const TIMEOUT_MS = 10_000;
const places = placesFor(null);

/** `podctl undo [RUN]`: gives configuration files back that a run wrote, where they are still what it wrote. */
export async function undoCommand(args: Args, argv: readonly string[], terminal: Terminal): Promise<number> {
  const { format } = outputOf(args);
  const stateDir = stateDirOf(args, terminal.env);
  const keepMs = parseDuration('--keep', one(args, 'keep') ?? KEEP);
  const runs = await runsIn(stateDir);
  if (args.list === true) {
    const data = { schema: 'podctl.runs/v1', runs };
    terminal.out(format === 'table' ? listText(runs) : await renderData(data, format));
    return 0;
  }
  const run = chosen(runs, one(args, 'run'));
  const plan = planUndo(run);
  tellLimits(run, terminal);
  const stop = stoppable(null);
  try {
    const consent = plan && (await agreed(plan, args, argv, terminal, stop));
    const steps: StepResult[] = [];
    const tell = (index: number, result: StepResult) => {
      const step = plan?.steps[index];
      steps.push(result);
      if (step && format === 'table') terminal.out(stepText({ step, result }, places));
    };
    const shop = { stateDir, command: 'undo', writes: true, keepMs, timeoutMs: TIMEOUT_MS };
    const code =
      plan && consent === 'carry-out'
        ? await withShop(shop, terminal, (shop) => carry(shop, plan, stop, tell))
        : codeOf(run, consent);
    if (format === 'table' && !plan) terminal.out(`nothing of run ${run.name} is to be given back\n`);
    if (format !== 'table')
      terminal.out(await renderData({ schema: 'podctl.undo/v1', run, plan, steps }, format));
    return code;
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

/** Said before, not afterwards. */
function tellLimits(run: PutAside, terminal: Terminal): void {
  if (run.removed.length + run.others > 0) terminal.err(`${NEVER}; copies: ${escapeText(run.folder)}/kept\n`);
  for (const file of run.written) if (!isDue(file)) terminal.err(`note: ${leftAlone(file)}\n`);
}

/** What was decided; an answer other than yes is a refusal. */
async function agreed(
  plan: Plan,
  args: Args,
  argv: readonly string[],
  terminal: Terminal,
  stop: Stoppable,
): Promise<Consent> {
  const consent = consentFor({
    dryRun: args['dry-run'] === true,
    yes: args.yes === true,
    canAsk: terminal.canAsk(),
  });
  if (consent === 'carry-out') return consent;
  const commands = plan.steps.flatMap(({ action }) => printAction(action, places)).map(shellLine);
  for (const line of commands) terminal.err(`${escapeText(line)}\n`);
  if (consent === 'refuse') {
    terminal.err('error: nothing was changed: nobody said yes\n');
    terminal.err(`hint: ${escapeText(shellLine(['podctl', ...argv, '--yes']))}\n`);
  }
  if (consent !== 'ask') return consent;
  const question = questionFor(plan.steps.map(() => plan.risk));
  return isYes(question, await terminal.ask(question.text, stop.signal)) ? 'carry-out' : 'refuse';
}

/** Where nothing was carried out. */
function codeOf({ written }: PutAside, consent: Consent | null): number {
  if (consent === 'show') return 1;
  if (consent !== null) return 2;
  return written.some(({ state }) => ['changed', 'gone', 'lost'].includes(state)) ? 3 : 0;
}

async function carry(
  shop: Workshop | null,
  plan: Plan,
  stop: Stoppable,
  tell: (index: number, result: StepResult) => void,
): Promise<number> {
  if (!shop) throw new Error('there is no state folder');
  const run = openRun(shop.state.root, new Date(shop.remedy.now()), [plan]);
  const [done] = await carryOut([plan], shop.remedy, run, () => {}, stop.signal);
  const results = done?.steps ?? [];
  for (const [index, result] of results.entries()) tell(index, result);
  const isLeft = results.some(({ status }) => status !== 'done' && status !== 'nothing-to-do');
  return stop.exitCode() ?? (isLeft ? 1 : 0);
}
