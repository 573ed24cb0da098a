import { runChecks } from '../check/engine.ts';
import { judging } from '../check/judging.ts';
import type { AnyCheck } from '../model/check.ts';
import type { ReportedCheck } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** What the checks say of a snapshot: the one place where doctor, its watch and every cure are told. */
export async function judgeSnapshot(
  checks: readonly AnyCheck[],
  { facts, settings }: Snapshot,
): Promise<ReportedCheck[]> {
  return runChecks(judging(checks, facts), facts, settings);
}
