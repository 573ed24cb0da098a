import type { Change, ChangeKind } from '../model/change.ts';
import type { Diff } from '../model/diff.ts';
import { clock, goneLines, groupsOf, sightBlocks, worthTelling } from './changes-text.ts';
import { columns } from './columns.ts';
import { wrapLines } from './cut.ts';
import { escapeText } from './escape.ts';
import { belowLabel, groupLines, type Layout, labelled, SEVERITY_LABEL } from './finding.ts';
import { painter, SEVERITY_STYLE } from './paint.ts';
import type { TextOptions } from './text.ts';

const GAP = 2;
const LINES = 3;

/** Two states of a node for people: of which times, what is found now and was not, what is gone, and how many. */
export async function renderDiff(diff: Diff, options: TextOptions): Promise<string> {
  const layout: Layout = { width: options.width, all: options.verbose, paint: painter(options.colour) };
  const shown = worthTelling(diff.changes, options.verbose);
  const of = (kind: ChangeKind) => shown.filter(({ change }) => change === kind);
  const blocks: string[][] = [];
  for (const group of groupsOf(of('appeared'))) blocks.push(await groupLines(group, layout));
  for (const change of of('changed')) blocks.push(changedLines(change, layout));
  for (const group of groupsOf(of('gone'))) blocks.push(goneLines(group, '', layout));
  blocks.push(...sightBlocks(shown, layout));
  const lines = [
    ...wrapLines(sidesText(diff), options.width, LINES),
    ...(await factLines(diff, layout)),
    '',
    ...blocks.flatMap((block) => [...block, '']),
    ...wrapLines(countsText(diff, diff.changes.length - shown.length), options.width, LINES),
  ];
  return `${lines.join('\n')}\n`;
}

/** `worker-1   2026-01-02 03:04:05 UTC -> 2026-01-03 03:04:05 UTC` */
function sidesText({ from, to }: Diff): string {
  const [before, after] = [from, to].map(({ node }) => escapeText(node).slice(0, 253) || 'unnamed node');
  const nodes = before === after ? before : `${before} -> ${after}`;
  return `${nodes}   ${clock(from.takenAt)} -> ${clock(to.takenAt)}`;
}

async function factLines({ facts }: Diff, layout: Layout): Promise<string[]> {
  const safe = facts.map((fact) =>
    [fact.what, fact.from || 'not known', fact.to || 'not known'].map(escapeText),
  );
  const rows = safe.map(([what = '', from = '', to = '']) => [
    layout.paint('dim', `  ${what}`),
    `${from} -> ${to}`,
  ]);
  const room = layout.width - Math.max(0, ...facts.map(({ what }) => what.length)) - GAP - GAP;
  return columns(
    rows.map(([what = '', value = '']) => [what, wrapLines(value, room, LINES).join('\n')]),
    GAP,
  );
}

function changedLines({ check, finding, before }: Change, layout: Layout): string[] {
  if (finding === null || before === null) return [];
  const { severity, message } = finding;
  const was = [
    ...(before.severity === severity ? [] : [before.severity]),
    ...(before.message === message ? [] : [before.message]),
  ];
  return [
    ...labelled(SEVERITY_LABEL[severity], SEVERITY_STYLE[severity], message, layout),
    ...belowLabel(`${check}, was: ${was.join(', ')}`, layout),
  ];
}

/** `1 appeared, 2 gone; 3 checks can judge no more` */
function countsText({ counts, changes }: Diff, hidden: number): string {
  if (changes.length === 0) return 'the same findings in both';
  const found = (['appeared', 'changed', 'gone'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${kind}`)
    .join(', ');
  const { unknown, judged } = counts;
  return [
    found,
    unknown > 0 ? `${unknown} checks can judge no more` : '',
    judged > 0 ? `${judged} checks can judge again` : '',
    hidden > 0 ? `${hidden} for information (-v)` : '',
  ]
    .filter((part) => part !== '')
    .join('; ')
    .replace(/\b1 checks/g, '1 check');
}
