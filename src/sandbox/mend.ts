import type { Plan, StepResult } from '../model/plan.ts';
import type { SandboxRecord } from '../model/sandbox.ts';
import { checkNetwork } from '../remedy/actions/network.ts';
import { execute, failureOf } from '../remedy/execute.ts';
import { type Drift, driftOf } from './drift.ts';
import { lookIntoNetwork, networkFaults } from './network-look.ts';
import type { Observed } from './observe.ts';
import { planRepair } from './repair.ts';
import { ownNetworkOf, settled, stopSandbox, takeDown } from './take-down.ts';
import { currentRecord, lookAt, type Workshop } from './workshop.ts';

/** What was found, what was done about it, and what is still different. */
export interface Mended {
  record: SandboxRecord;
  drift: Drift[];
  plan: Plan;
  /** Empty where nothing was carried out. */
  results: StepResult[];
  failure: string | null;
  /** Null: the sandbox was removed. */
  left: Drift[] | null;
}

/** Every difference between a sandbox's record and what is there, its network looked into. */
export async function findDrift(shop: Workshop, record: SandboxRecord, observed: Observed): Promise<Drift[]> {
  const looks = record.phase === 'ready' && observed.sameBoot && observed.namespaces.net !== null;
  const seen = looks ? networkFaults(record, await lookIntoNetwork(record, observed)) : [];
  const said = looks && seen.length === 0 ? await checkNetwork(record, shop.remedy) : null;
  return driftOf(record, observed, said === null ? seen : [...seen, said]);
}

/** Repairs a sandbox, or only says how. The caller holds its lock, unless it only asks. */
export async function mendSandbox(shop: Workshop, record: SandboxRecord, dryRun: boolean): Promise<Mended> {
  const observed = dryRun ? lookAt(shop, record) : await settled(shop, record);
  const drift = await findDrift(shop, record, observed);
  const options = { ownNetwork: ownNetworkOf(shop, record), now: new Date(shop.remedy.now()) };
  const plan = planRepair(record, observed, drift, options);
  if (dryRun || plan.steps.length === 0)
    return { record, drift, plan, results: [], failure: null, left: drift };
  const { results, failure } = await carryOut(shop, record, plan);
  const now = currentRecord(shop, record.id);
  const left = now ? await findDrift(shop, now, lookAt(shop, now)) : null;
  return { record: now ?? record, drift, plan, results, failure, left };
}

/** What is removed or stopped may have processes still, and shares names and a network with others. */
async function carryOut(
  shop: Workshop,
  record: SandboxRecord,
  plan: Plan,
): Promise<Pick<Mended, 'results' | 'failure'>> {
  if (plan.remedy === 'sandbox/remove')
    return {
      results: [],
      failure: (await takeDown(shop, record.id, { force: !isOfThisBoot(shop, record) })).failure,
    };
  if (plan.remedy === 'sandbox/stop')
    return { results: [], failure: (await stopSandbox(shop, record, 0)).failure };
  const results = await execute(plan, shop.remedy);
  return { results, failure: failureOf(plan, results)?.reason ?? null };
}

function isOfThisBoot({ bootId }: Workshop, record: SandboxRecord): boolean {
  return record.bootId === bootId;
}
