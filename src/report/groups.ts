import type { Severity } from '../model/check.ts';
import type { Report, ReportedFinding } from '../model/report.ts';

/** Findings of one check with one message and severity. Never empty. */
export interface Group {
  check: string;
  failureTitle: string;
  severity: Severity;
  findings: ReportedFinding[];
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Causes before what follows from them: without a runtime no image, without an image no sandbox. */
const AREAS = ['runtime', 'config', 'image', 'kubelet', 'cgroup', 'sandbox', 'netns', 'cni'];

/** The findings as they are told: worst first, among these causes first. */
export function groupFindings(report: Report): Group[] {
  const groups = report.checks.flatMap(({ id, failureTitle, findings }) => {
    const byMessage = new Map<string, Group>();
    for (const finding of findings) {
      const key = `${finding.severity} ${finding.messageId}`;
      const group = byMessage.get(key) ?? {
        check: id,
        failureTitle,
        severity: finding.severity,
        findings: [],
      };
      group.findings.push(finding);
      byMessage.set(key, group);
    }
    return [...byMessage.values()];
  });
  return groups.sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      areaRank(a.check) - areaRank(b.check) ||
      (a.check < b.check ? -1 : Number(a.check > b.check)),
  );
}

function areaRank(id: string): number {
  const rank = AREAS.indexOf(id.slice(0, id.indexOf('/')));
  return rank < 0 ? AREAS.length : rank;
}
