import { monotonicMs } from '../host/process.ts';
import type { Plan, Step, StepResult } from '../model/plan.ts';
import type { ActionContext, RemedyContext } from './context.ts';
import { isGone } from './gone.ts';
import { type GuardContext, refusalOf } from './guards/index.ts';
import { perform } from './perform.ts';

/** Who is told of every step that is reached, before and after it, and puts aside what goes. */
export interface Witness {
  begins(step: Step): void;
  ended(step: Step, result: StepResult): void;
  keep: ActionContext['keep'];
  /** Asked before every step: true when no other is to be begun. */
  stops(): boolean;
}

const NOBODY: Witness = { begins() {}, ended() {}, keep() {}, stops: () => false };

/**
 * Carries out a plan, step by step. Guards are read again immediately before each action. A step that fails or
 * is refused ends the plan, unless it says that the rest goes on; what was not reached is told as such.
 */
export async function execute(
  plan: Plan,
  context: RemedyContext,
  witness: Witness = NOBODY,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of plan.steps) {
    const failed = results.some((r, i) => isBad(r) && plan.steps[i]?.onFailure === 'stop');
    if (failed || witness.stops()) {
      results.push({ id: step.id, status: 'not-reached', reason: '', ms: 0 });
      continue;
    }
    witness.begins(step);
    const result = await carryOut(step, context, witness.keep);
    witness.ended(step, result);
    results.push(result);
  }
  return results;
}

/** The first step that ended the plan, and why; null when the plan was carried out. */
export function failureOf(plan: Plan, results: readonly StepResult[]): { step: Step; reason: string } | null {
  const at = results.findIndex((r, i) => isBad(r) && plan.steps[i]?.onFailure === 'stop');
  const step = plan.steps[at];
  return step ? { step, reason: results[at]?.reason ?? '' } : null;
}

/** What went wrong on the way without ending the plan. */
export function warningsOf(plan: Plan, results: readonly StepResult[]): string[] {
  return results.flatMap((r, i) => (isBad(r) && plan.steps[i]?.onFailure === 'go-on' ? [r.reason] : []));
}

function isBad({ status }: StepResult): boolean {
  return status === 'failed' || status === 'refused';
}

async function carryOut(
  step: Step,
  context: RemedyContext,
  keep: ActionContext['keep'],
): Promise<StepResult> {
  const begun = monotonicMs();
  let note = '';
  const result = (status: StepResult['status'], reason = ''): StepResult => ({
    id: step.id,
    status,
    reason,
    ms: Math.round((monotonicMs() - begun) * 10) / 10,
  });
  context.at('before');
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), step.timeoutMs);
  try {
    if (await isGone(step.action, { ...context, signal: deadline.signal })) {
      context.at('after');
      return result('nothing-to-do');
    }
    const refusal = await firstRefusal(step, { ...context, signal: deadline.signal });
    if (refusal !== null) return result('refused', refusal);
    const done = await perform(step.action, {
      ...context,
      keep,
      note(text) {
        note = text;
      },
      signal: deadline.signal,
      timeoutMs: step.timeoutMs,
    });
    context.at('after');
    return result(done === 'done' ? 'done' : 'nothing-to-do', note);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return result(
      'failed',
      deadline.signal.aborted ? `${why} (deadline of ${step.timeoutMs / 1000} s)` : why,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Guards are asked in order: the cheap ones come first, and what was asked last is the freshest. */
async function firstRefusal(step: Step, context: GuardContext): Promise<string | null> {
  for (const guard of step.guards) {
    const reason = await refusalOf(guard, context);
    if (reason !== null) return reason;
  }
  return null;
}
