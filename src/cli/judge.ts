import { runChecks } from '../check/engine.ts';
import { judging } from '../check/judging.ts';
import { ignoring, type Policy } from '../check/policy.ts';
import type { AnyCheck } from '../model/check.ts';
import { complete } from '../model/outcome.ts';
import type { ReportedCheck } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** By what a node is judged. */
export interface Judges {
  checks: readonly AnyCheck[];
  policy: Policy;
}

/** What the checks say of a snapshot: the one place where doctor, its watch and every cure are told. */
export async function judgeSnapshot(
  { checks, policy }: Judges,
  { facts, settings, takenAt }: Snapshot,
): Promise<ReportedCheck[]> {
  const judged = await runChecks(judging(checks, facts), facts, settings);
  return ignoring(judged, policy, dayOf(takenAt));
}

/** A snapshot with the configuration that it is judged by, in place of the one that it may have been taken with. */
export function withOwnConfig(snapshot: Snapshot, { ownConfig }: Policy): Snapshot {
  const { ownConfig: _, ...facts } = snapshot.facts;
  if (ownConfig === null) return { ...snapshot, facts };
  return { ...snapshot, facts: { ...facts, ownConfig: { ...complete(ownConfig), ms: 0 } } };
}

/** YYYY-MM-DD, in UTC. */
export function dayOf(takenAt: string): string {
  return takenAt.slice(0, 'YYYY-MM-DD'.length);
}
