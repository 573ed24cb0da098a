import type { Check } from '../../src/model/check.ts';
import type { FactName, Facts } from '../../src/model/facts.ts';
import { complete, type Outcome } from '../../src/model/outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import { remedyFor } from '../../src/remedy/plans/index.ts';
import type { Planned, Refusal, RemedyRequest } from '../../src/remedy/remedy.ts';
import { judge } from './judge.ts';

type Told = Partial<Pick<RemedyRequest, 'risk' | 'pauseArchive' | 'assumeNoKubelet' | 'identify'>>;

/** What the remedy of a check makes of its first finding on these facts; `instead` replaces facts for the remedy. */
export async function planOn(
  check: Check,
  node: Facts,
  told: Told = {},
  instead: Partial<Record<FactName, Outcome<never>>> = {},
): Promise<Planned> {
  const [finding] = (await judge(check, node)).findings;
  if (!finding) throw new Error(`${check.meta.id} finds nothing`);
  const remedy = remedyFor(check.meta.id, finding.messageId);
  if (!remedy) throw new Error(`nobody knows a cure for ${check.meta.id} ${finding.messageId}`);
  const facts = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, { ...complete(value), ms: 0 }]),
  );
  return remedy.plan({
    check: check.meta.id,
    finding,
    facts: { ...facts, ...instead },
    takenAt: '2026-11-23T12:00:00.000Z',
    identify: () => null,
    assumeNoKubelet: false,
    risk: 'safe',
    force: [],
    pauseArchive: null,
    ...told,
  });
}

/** The plan; throws the refusal. */
export function plan(planned: Planned): Plan {
  if ('refusal' in planned) throw new Error(planned.refusal.reason);
  return planned.plan;
}

/** The refusal; throws where there is a plan. */
export function refusal(planned: Planned): Refusal {
  if ('plan' in planned) throw new Error('it is planned');
  return planned.refusal;
}

/** Kinds of a plan's actions, in order. */
export function kinds({ steps }: Plan): string[] {
  return steps.map(({ action }) => action.kind);
}
