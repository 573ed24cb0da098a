import type { Severity } from '../model/check.ts';
import type { Cause, Report, ReportedFinding } from '../model/report.ts';
import { causesFirst } from './causes-first.ts';

/** Findings of one check with one message, severity and explanation. Never empty. */
export interface Group {
  check: string;
  failureTitle: string;
  severity: Severity;
  /** The check whose finding explains these; null when nothing does. */
  cause: string | null;
  findings: ReportedFinding[];
}

/** The findings as they are told: worst first, but what explains others before these. */
export function groupFindings(report: Pick<Report, 'checks'>): Group[] {
  const groups = report.checks.flatMap(({ id, failureTitle, findings }) => {
    const byMessage = new Map<string, Group>();
    for (const finding of findings) {
      const [cause] = finding.explainedBy;
      const key = [finding.severity, finding.messageId, ...told(cause)].join(' ');
      const group = byMessage.get(key) ?? {
        check: id,
        failureTitle,
        severity: finding.severity,
        cause: cause?.check ?? null,
        findings: [],
      };
      group.findings.push(finding);
      byMessage.set(key, group);
    }
    return [...byMessage.values()];
  });
  return causesFirst(groups);
}

/** Causes that are told in one block are one. */
function told(cause: Cause | undefined): string[] {
  return cause ? [cause.check, cause.messageId] : [];
}
