import type { Severity } from '../model/check.ts';
import type { Report, ReportedFinding } from '../model/report.ts';
import { groupFindings } from './groups.ts';
import { renderLine } from './ndjson.ts';

/** One finding by itself, with the node and the time it is of. Keys never appear or vanish; a later version only adds. */
export interface FindingLine extends Omit<ReportedFinding, 'severity'> {
  schema: 'podctl.finding/v1';
  node: string;
  takenAt: string;
  check: string;
  failureTitle: string;
  severity: Severity;
}

/** A line of JSON for each finding, in the order in which people read them; none where there is none. */
export function renderFindings(report: Report): string {
  const { node, takenAt } = report;
  return groupFindings(report)
    .flatMap(({ check, failureTitle, findings }) =>
      findings.map(
        (finding): FindingLine => ({
          schema: 'podctl.finding/v1',
          node,
          takenAt,
          check,
          failureTitle,
          ...finding,
        }),
      ),
    )
    .map(renderLine)
    .join('');
}
