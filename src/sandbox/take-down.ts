import type { SandboxRecord } from '../model/sandbox.ts';
import { execute, failureOf, warningsOf } from '../remedy/execute.ts';
import type { Observed } from './observe.ts';
import { isOnOwnNetwork } from './own-network.ts';
import { listRecords } from './records.ts';
import { hasProcesses, type OwnNetwork, planAsk, planEnd, planRemove, planStop } from './remove.ts';
import { currentRecord, lookAt, type Workshop, withNames } from './workshop.ts';

/** A process may fork while it is being killed; one that does so faster than this is told about. */
const MAX_ROUNDS = 5;
const SETTLE_MS = 5000;
const POLL_MS = 50;

/** How it ended: why it did not, and what went wrong on the way. */
export interface TakenDown {
  failure: string | null;
  warnings: string[];
}

/** Removes a sandbox and all that belongs to it. The caller holds its lock; `seen` is what it has just looked at. */
export async function takeDown(
  shop: Workshop,
  id: string,
  options: { force: boolean; graceMs?: number; seen?: Observed | null },
): Promise<TakenDown> {
  const record = currentRecord(shop, id);
  if (!record) return { failure: null, warnings: [] };
  const ended = await endProcesses(shop, record, options.graceMs ?? 0, options.seen);
  if (typeof ended === 'string') return { failure: ended, warnings: [] };
  return withNames(shop, async () => {
    const now = new Date(shop.remedy.now());
    const network = ownNetworkOf(shop, record);
    const plan = planRemove(record, ended, { force: options.force, ownNetwork: network, now });
    return outcome(plan, await execute(plan, shop.remedy));
  });
}

/** Ends a sandbox's processes, detaches and unpins it; its record and files stay. The caller holds its lock. */
export async function stopSandbox(
  shop: Workshop,
  record: SandboxRecord,
  graceMs: number,
): Promise<TakenDown> {
  const ended = await endProcesses(shop, record, graceMs);
  if (typeof ended === 'string') return { failure: ended, warnings: [] };
  const plan = planStop(record, ended, new Date(shop.remedy.now()));
  return outcome(plan, await execute(plan, shop.remedy));
}

function outcome(plan: Parameters<typeof failureOf>[0], results: Parameters<typeof failureOf>[1]): TakenDown {
  return { failure: failureOf(plan, results)?.reason ?? null, warnings: warningsOf(plan, results) };
}

/** What is seen once none is left, or why some are. */
async function endProcesses(
  shop: Workshop,
  record: SandboxRecord,
  graceMs: number,
  seen: Observed | null = null,
): Promise<Observed | string> {
  let observed = seen ?? (await settled(shop, record));
  if (graceMs > 0) observed = await asked(shop, record, observed, graceMs);
  for (let round = 0; hasProcesses(observed); round += 1) {
    if (round === MAX_ROUNDS) return `its processes start others faster than they are ended`;
    const plan = planEnd(record, observed, new Date(shop.remedy.now()));
    const failure = failureOf(plan, await execute(plan, shop.remedy));
    if (failure) return failure.reason;
    observed = lookAt(shop, record);
  }
  return observed;
}

/** Asks all containers at once to end, and gives them time. */
async function asked(
  shop: Workshop,
  record: SandboxRecord,
  observed: Observed,
  graceMs: number,
): Promise<Observed> {
  const plan = planAsk(record, observed, new Date(shop.remedy.now()));
  const asks = new Set(
    plan.steps.flatMap(({ action }) => (action.kind === 'signal' ? [action.process.pid] : [])),
  );
  await execute(plan, shop.remedy);
  const until = performance.now() + graceMs;
  let now = observed;
  const waits = () => now.containers.some((c) => asks.has(c.process?.pid ?? 0));
  while (waits() && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    now = lookAt(shop, record);
  }
  return now;
}

/** What a killed command began may end by itself, and then there is less to undo. */
export async function settled(shop: Workshop, record: SandboxRecord): Promise<Observed> {
  const until = performance.now() + SETTLE_MS;
  let observed = lookAt(shop, record);
  while (observed.workers.length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    observed = lookAt(shop, record);
  }
  return observed;
}

/** podctl's own network goes with its last sandbox. */
export function ownNetworkOf(shop: Workshop, record: SandboxRecord): OwnNetwork {
  const { records, unreadable } = listRecords(shop.state);
  const others = records.some((r) => r.id !== record.id && isOnOwnNetwork(r, shop)) || unreadable.length > 0;
  if (!isOnOwnNetwork(record, shop) || others) return null;
  return { bridge: shop.ownNetwork.bridge, folder: shop.ownNetwork.folder };
}
