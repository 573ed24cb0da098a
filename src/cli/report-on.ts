import type { Report } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { buildReport } from '../report/report.ts';
import type { LoadedBaseline } from './baseline.ts';
import { type Judges, judgeSnapshot, withOwnConfig } from './judge.ts';
import type { DoctorRequest } from './request.ts';
import { VERSION } from './version.ts';

/** The baseline that was named. Throws a UsageError where it cannot be used, before anything is looked at. */
export async function knownBefore({
  baseline,
}: Pick<DoctorRequest, 'baseline'>): Promise<LoadedBaseline | null> {
  return baseline === null ? null : (await import('./baseline.ts')).loadBaseline(baseline);
}

/** The report on one look. */
export async function reportOn(
  judges: Judges,
  snapshot: Snapshot,
  baseline: LoadedBaseline | null,
): Promise<Report> {
  const given = withOwnConfig(snapshot, judges.policy);
  const judged = await judgeSnapshot(judges, given);
  if (baseline === null) return buildReport(VERSION, given, judged);
  return (await import('./baseline.ts')).reportAgainst(baseline, given, judged);
}
