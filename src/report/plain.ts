import type { ReportedFinding } from '../model/report.ts';

/** A finding as lines without layout: what, where to look, what to type. Nothing in them is escaped yet. */
export function plainFinding({ message, evidence, remedies }: ReportedFinding): string[] {
  return [message, ...evidenceLines(evidence).map((line) => `  see ${line}`), ...remedies.flatMap(cureLines)];
}

/** `/proc/412/ns/net = net:[4026532177]` */
export function evidenceLines(evidence: ReportedFinding['evidence']): string[] {
  return evidence.map(({ at, value = '' }) => oneLine(value === '' ? at : `${at} = ${value}`));
}

function cureLines({ title, risk, commands }: ReportedFinding['remedies'][number]): string[] {
  const [first = '', ...rest] = commands.length > 0 ? commands : [title];
  return [`  do  ${oneLine(first)} (${risk})`, ...rest.map((line) => `      ${oneLine(line)}`)];
}

/** What has line ends of its own must not look like lines of ours. */
function oneLine(text: string): string {
  return text.replace(/\r?\n/g, '\\n');
}
