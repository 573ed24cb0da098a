import { causeKey } from '../model/cause-key.ts';
import type { Cause, IgnoredFinding, ReportedCheck, ReportedFinding } from '../model/report.ts';

/** By whom a finding is accepted, and why; null when it counts. */
export type Decide = (check: ReportedCheck, finding: ReportedFinding) => IgnoredFinding['ignored'] | null;

/**
 * Sets the accepted findings apart: they count for nothing and explain nothing, so that what follows from them is
 * told in full. A check with none left stays `found`, unless it could not see everything: then it is `unknown`, as it
 * would be without them. May be called again with another `decide`.
 */
export function accept(checks: readonly ReportedCheck[], decide: Decide): ReportedCheck[] {
  const parted = checks.map((check) => part(check, decide));
  const accepted = new Set(
    parted.flatMap(({ id, ignored }) => ignored.map((finding) => causeKey({ check: id, ...finding }))),
  );
  for (const { id, findings } of parted)
    for (const finding of findings) accepted.delete(causeKey({ check: id, ...finding }));
  const counts = (cause: Cause) => !accepted.has(causeKey(cause));
  return parted.map((check) => ({
    ...check,
    explainedBy: check.explainedBy.filter(counts),
    findings: check.findings.map((finding) => ({
      ...finding,
      explainedBy: finding.explainedBy.filter(counts),
    })),
  }));
}

function part(check: ReportedCheck, decide: Decide): ReportedCheck {
  const findings: ReportedFinding[] = [];
  const ignored = [...check.ignored];
  for (const finding of check.findings) {
    const decision = decide(check, finding);
    if (decision === null) findings.push(finding);
    else ignored.push({ ...finding, ignored: decision });
  }
  const isUnseen = check.verdict === 'found' && findings.length === 0 && check.problems.length > 0;
  return { ...check, findings, ignored, verdict: isUnseen ? 'unknown' : check.verdict };
}
