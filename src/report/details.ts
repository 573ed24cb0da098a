import type { IgnoredFinding, Report, ReportedCheck } from '../model/report.ts';
import { columns } from './columns.ts';
import { wrapLines } from './cut.ts';
import { escapeText } from './escape.ts';
import type { Layout } from './finding.ts';
import { milliseconds } from './summary.ts';
import { displayWidth } from './width.ts';

const GAP = 2;
const LINES = 3;

/** For -v: what was not judged and why, and how each fact was come by. */
export async function detailLines(report: Report, layout: Layout): Promise<string[]> {
  const unjudged = report.checks
    .filter((c) => c.verdict === 'unknown' || c.verdict === 'skipped')
    .map((c) => [`  ${c.id}`, c.verdict, because(c) + c.reason]);
  const unseen = report.checks
    .filter((c) => c.verdict === 'found')
    .flatMap((c) => c.problems.map((p) => [`  ${c.id}`, 'in part', p.message]));
  const facts = report.facts.map((f) => [
    `  ${f.name}`,
    f.status,
    [milliseconds(f.ms), ...f.problems.map((p) => p.message), f.reason].filter(Boolean).join('; '),
  ]);
  const ignored = report.checks.flatMap((c) =>
    c.ignored.map((finding) => [`  ${c.id}`, untilText(finding), whyText(finding)]),
  );
  return [
    ...(await section('ignored', ignored, layout)),
    ...(await section('not judged', [...unjudged, ...unseen], layout)),
    ...(await section('facts', facts, layout)),
  ];
}

function untilText({ ignored: { by, until } }: IgnoredFinding): string {
  return by === 'baseline' ? 'baseline' : until === '' ? 'for ever' : `until ${until}`;
}

/** The reason first: a long line is cut at its end. */
function whyText({ message, ignored: { reason } }: IgnoredFinding): string {
  return reason === '' ? message : `${reason}: ${message}`;
}

function because({ explainedBy: [cause] }: ReportedCheck): string {
  return cause ? `because of ${cause.check}: ` : '';
}

async function section(title: string, rows: string[][], layout: Layout): Promise<string[]> {
  if (rows.length === 0) return [];
  const safe = rows.map((row) => row.map(escapeText));
  const before = [0, 1].map((i) => Math.max(...safe.map((row) => displayWidth(row[i] ?? ''))) + GAP);
  const room = layout.width - before.reduce((a, b) => a + b, 0);
  const fitted = safe.map(([a = '', b = '', c = '']) => [a, b, wrapLines(c, room, LINES).join('\n')]);
  return [layout.paint('dim', title), ...(await columns(fitted, GAP)), ''];
}
