import type { CheckMeta, Severity } from '../model/check.ts';
import type { Report, ReportedFinding } from '../model/report.ts';
import { shortIds } from './cut.ts';
import { headlineText, holds, type Remedy, sharedRemedies } from './finding.ts';
import { type Group, groupFindings } from './groups.ts';
import { codeBlock, codeSpan, plainText } from './markdown-text.ts';
import { countsLine, headerLine } from './summary.ts';

const MARKS: Record<Severity, string> = { error: '🔴', warning: '🟡', info: '🔵' };
/** Subjects of one kind of finding that are told in full; of the others the name, and of very many only how many. */
const SHOWN = 3;
const NAMED = 50;

type Meta = Pick<CheckMeta, 'id' | 'why'>;

/** The report for a ticket or a comment: worst first, what explains others before these, each with proof and commands. */
export function renderMarkdown(report: Report, metas: readonly Meta[]): string {
  const why = new Map(metas.map((meta) => [meta.id, meta.why]));
  const groups = groupFindings(report);
  const blocks = [
    [`## ${titleOf(report)}`],
    [plainText(headerLine(report).replaceAll('   ', ' · '))],
    [`**${plainText(countsLine(report, true, Number.POSITIVE_INFINITY))}**`],
    ...groups.flatMap((group) => groupBlocks(group, why)),
    ...detailBlocks(report),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function titleOf({ node, counts: { error, warning } }: Report): string {
  const mark = error > 0 ? MARKS.error : warning > 0 ? MARKS.warning : '🟢';
  return `${mark} podctl doctor: ${plainText(node || 'unnamed node')}`;
}

function groupBlocks(group: Group, why: ReadonlyMap<string, string>): string[][] {
  const { check, cause, findings, severity } = group;
  const because = cause === null ? '' : `, because of ${codeSpan(cause)} above`;
  const reason = cause === null ? why.get(check) : undefined;
  const rest = findings.slice(SHOWN);
  const shared = sharedRemedies(findings);
  return [
    [`### ${MARKS[severity]} ${plainText(shortIds(headlineText(group)))}`],
    [`${codeSpan(check)} (${severity})${because}${reason === undefined ? '' : `  \n${plainText(reason)}`}`],
    ...findings
      .slice(0, SHOWN)
      .flatMap((finding) => [
        ...(findings.length > 1 ? [[plainText(shortIds(finding.message))]] : []),
        ...proofBlocks(finding),
        ...cureBlocks(finding.remedies.filter((remedy) => !holds(shared, remedy))),
      ]),
    ...folded(
      `${rest.length} more`,
      rest.slice(0, NAMED).map((f) => `- ${plainText(shortIds(f.message))}`),
      rest.length - NAMED,
    ),
    ...cureBlocks(shared),
  ];
}

function proofBlocks({ evidence }: ReportedFinding): string[][] {
  if (evidence.length === 0) return [];
  const rows = evidence.map(({ at, value = '' }) => (value === '' ? at : `${at}   ${value}`));
  return [codeBlock(rows, 'text')];
}

function cureBlocks(remedies: readonly Remedy[]): string[][] {
  return remedies.flatMap(({ title, risk, commands }) => {
    const words = `${plainText(title)} (${risk})`;
    return commands.length > 0 ? [[`${words}:`], codeBlock(commands, 'sh')] : [[words]];
  });
}

function detailBlocks({ checks }: Report): string[][] {
  const unjudged = checks.filter(({ verdict }) => verdict === 'unknown' || verdict === 'skipped');
  const accepted = checks.flatMap(({ ignored }) => ignored);
  return [
    ...folded(
      `${unjudged.length} not judged`,
      unjudged.map(({ id, reason }) => `- ${codeSpan(id)}: ${plainText(reason)}`),
    ),
    ...folded(
      `${accepted.length} accepted`,
      accepted.slice(0, NAMED).map(({ message, ignored: { by, reason, until } }) => {
        const why = reason === '' ? `by the ${by}` : reason;
        return `- ${plainText(message)} (${plainText(why)}${until === '' ? '' : `, until ${plainText(until)}`})`;
      }),
      accepted.length - NAMED,
    ),
  ];
}

function folded(title: string, lines: readonly string[], more = 0): string[][] {
  if (lines.length === 0) return [];
  const rest = more > 0 ? [`- and ${more} more`] : [];
  return [[`<details><summary>${title}</summary>`], [...lines, ...rest], ['</details>']];
}
