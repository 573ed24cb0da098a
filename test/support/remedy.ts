import { runChecks } from '../../src/check/engine.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import type { FactName, Facts } from '../../src/model/facts.ts';
import { complete, type Outcome } from '../../src/model/outcome.ts';
import type { FileIdentity, Guard, Plan } from '../../src/model/plan.ts';
import { remedyFor } from '../../src/remedy/plans/index.ts';
import type { Planned, Refusal, RemedyRequest } from '../../src/remedy/remedy.ts';

/** Every file of a recorded node has this. */
export const FILE: FileIdentity = { dev: 1, ino: 2, sha256: 'e'.repeat(64) };

export type Asked = Partial<Omit<RemedyRequest, 'check' | 'finding' | 'facts'>> & {
  /** Facts by other outcomes: of the plan alone; the check saw them all. */
  instead?: Partial<Record<FactName, Outcome<never>>>;
};

/** What the remedy makes of the one finding that a check has on a node. Throws when there is another number. */
export async function plannedFor(check: string, node: Facts, asked: Asked = {}): Promise<Planned> {
  const { instead = {}, ...more } = asked;
  const facts = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, { ...complete(value), ms: 0 }]),
  );
  const checks = builtinChecks.filter(({ meta }) => meta.id === check);
  const [judged] = await runChecks(checks, facts, { minAgeMs: 60_000 });
  const [finding, ...others] = judged?.findings ?? [];
  if (!finding || others.length > 0)
    throw new Error(`${check} has ${judged?.findings.length} findings: ${JSON.stringify(judged)}`);
  const remedy = remedyFor(check, finding.messageId);
  if (!remedy) throw new Error(`nobody knows a remedy for ${check} ${finding.messageId}`);
  return remedy.plan({
    check,
    finding,
    facts: { ...facts, ...instead },
    takenAt: '2026-11-23T12:00:00Z',
    identify: () => FILE,
    assumeNoKubelet: false,
    risk: 'destructive',
    force: [],
    pauseArchive: null,
    ...more,
  });
}

/** The plan. Throws with the refusal when there is none. */
export async function planFor(check: string, node: Facts, asked?: Asked): Promise<Plan> {
  const planned = await plannedFor(check, node, asked);
  if ('refusal' in planned) throw new Error(JSON.stringify(planned.refusal));
  return planned.plan;
}

/** The refusal. Throws when there is a plan. */
export async function refusalFor(check: string, node: Facts, asked?: Asked): Promise<Refusal> {
  const planned = await plannedFor(check, node, asked);
  if ('plan' in planned) throw new Error(`a plan: ${kindsOf(planned.plan).join(', ')}`);
  return planned.refusal;
}

export function kindsOf({ steps }: Plan): string[] {
  return steps.map(({ action }) => action.kind);
}

/** Kinds of the guards of each step. */
export function guardsOf({ steps }: Plan): Guard['kind'][][] {
  return steps.map(({ guards }) => guards.map(({ kind }) => kind));
}
