import type { Plan, Step, StepResult } from '../../model/plan.ts';
import type { Report } from '../../model/report.ts';
import { type Candidate, planOf } from '../../remedy/gc/candidates.ts';
import { carryOut, openRun, type Run } from '../../remedy/run.ts';
import type { Workshop } from '../../sandbox/workshop.ts';
import { cureOwn, isOwn, type OwnCandidate } from './own.ts';

/** A step that ended, as it is told. */
export interface Stepped {
  plan: Plan;
  step: Step;
  result: StepResult;
}

/**
 * Carries out the plans of candidates, in order, under one journal: podctl's own sandboxes first, each by the code
 * of `podctl sandbox`, which plans anew under the sandbox's lock. When `stop` aborts, the rest is not reached.
 */
export async function carryOutAll(
  going: readonly Candidate[],
  shop: Workshop,
  stop: AbortSignal,
  stepped: (step: Stepped) => void,
): Promise<{ run: string; applied: Report['applied'] }> {
  const plans = going.map(planOf).filter((plan) => plan !== null);
  const own = going.filter(isOwn);
  const run = openRun(shop.state.root, new Date(shop.remedy.now()), plans);
  const applied: Report['applied'] = [];
  for (const candidate of own) {
    const plan = planOf(candidate);
    if (!plan) continue;
    const steps = stop.aborted
      ? notReached(plan)
      : [await cureOne(candidate, plan, plans.indexOf(plan), shop, run)];
    for (const result of steps) tell(plan, result, stepped);
    applied.push({ plan: plans.indexOf(plan), steps });
  }
  const rest = plans.slice(own.length);
  const results = await carryOut(
    rest,
    shop.remedy,
    shifted(run, own.length),
    ({ plan, step, result }) => {
      const of = rest[plan];
      if (of && result) stepped({ plan: of, step, result });
    },
    stop,
  );
  return {
    run: run.name,
    applied: [...applied, ...results.map(({ plan, steps }) => ({ plan: plan + own.length, steps }))],
  };
}

/** One line before and one after: the sandbox's own record says the rest. */
async function cureOne(
  candidate: OwnCandidate,
  plan: Plan,
  index: number,
  shop: Workshop,
  run: Run,
): Promise<StepResult> {
  const at = () => new Date(shop.remedy.now()).toISOString();
  const begun = performance.now();
  const id = `1-${candidate.own.how}`;
  run.write({
    event: 'begins',
    at: at(),
    plan: index,
    step: id,
    action: plan.remedy,
    guards: [],
    because: candidate.finding.message,
  });
  const failure = await attempt(() => cureOwn(shop, candidate));
  const ms = Math.round((performance.now() - begun) * 10) / 10;
  const result: StepResult = { id, status: failure === null ? 'done' : 'failed', reason: failure ?? '', ms };
  run.write({ event: 'ended', at: at(), plan: index, step: id, result });
  return result;
}

async function attempt(work: () => Promise<string | null>): Promise<string | null> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function notReached({ steps }: Plan): StepResult[] {
  return steps.map(({ id }) => ({ id, status: 'not-reached', reason: '', ms: 0 }));
}

function tell(plan: Plan, result: StepResult, stepped: (step: Stepped) => void): void {
  for (const step of plan.steps) if (result.status !== 'not-reached') stepped({ plan, step, result });
}

/** The journal counts all plans of the run, the executor only those that it was given. */
function shifted(run: Run, by: number): Run {
  return {
    ...run,
    write: (line) => run.write('plan' in line ? { ...line, plan: line.plan + by } : line),
  };
}
