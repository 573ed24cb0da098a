import type { Baseline, KnownFinding } from '../model/baseline.ts';
import type { Report, ReportedCheck, ReportedFinding } from '../model/report.ts';
import { isWorse } from '../model/severity.ts';
import { accept } from './accept.ts';

/**
 * Accepts what is known, unless it is worse than it was. `gone`: known, and not found any more by a check that could
 * see everything; of what was not judged nothing is said.
 */
export function holdAgainst(
  baseline: Baseline,
  checks: readonly ReportedCheck[],
): { checks: ReportedCheck[]; gone: KnownFinding[] } {
  const known = new Map(baseline.findings.map((one) => [one.fingerprint, one]));
  const found = new Set(
    checks.flatMap(({ findings, ignored }) =>
      [...findings, ...ignored].map(({ fingerprint }) => fingerprint),
    ),
  );
  const sighted = new Set(checks.filter(isSighted).map(({ id }) => id));
  return {
    checks: accept(checks, (_check, { fingerprint, severity }) => {
      const before = known.get(fingerprint);
      if (before === undefined || isWorse(severity, before.severity)) return null;
      return { by: 'baseline', reason: `since ${before.since.slice(0, 10)}`, until: '' };
    }),
    gone: baseline.findings.filter((one) => sighted.has(one.check) && !found.has(one.fingerprint)),
  };
}

/**
 * What a report finds, as a baseline: also what it accepts because of an older one, with the date of that, and what
 * `before` knows and nobody could judge. What the configuration accepts is no part of it.
 */
export function baselineOf(report: Report, before: Baseline | null = null): Baseline {
  const { podctl, node, takenAt, checks } = report;
  const since = new Map(before?.findings.map((one) => [one.fingerprint, one.since]));
  const found = checks.flatMap((check) =>
    allOf(check).map(
      ({ fingerprint, severity, message }): KnownFinding => ({
        fingerprint,
        check: check.id,
        severity,
        message,
        since: since.get(fingerprint) ?? takenAt,
      }),
    ),
  );
  const sighted = new Set(checks.filter(isSighted).map(({ id }) => id));
  const isFound = new Set(found.map(({ fingerprint }) => fingerprint));
  const unjudged = (before?.findings ?? []).filter(
    (one) => !sighted.has(one.check) && !isFound.has(one.fingerprint),
  );
  return {
    schema: 'podctl.baseline/v1',
    podctl,
    node,
    takenAt,
    findings: [...found, ...unjudged].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
  };
}

function allOf({ findings, ignored }: ReportedCheck): ReportedFinding[] {
  return [...findings, ...ignored.filter((finding) => finding.ignored.by === 'baseline')];
}

function isSighted({ verdict, problems }: ReportedCheck): boolean {
  return (verdict === 'pass' || verdict === 'found') && problems.length === 0;
}
