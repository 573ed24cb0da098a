import type { Change, ChangeKind } from '../model/change.ts';
import { durationText } from '../model/duration.ts';
import type { ReportedCheck } from '../model/report.ts';
import { belowLabel, groupLines, headlineText, type Layout, labelled, placeLines } from './finding.ts';
import { type Group, groupFindings } from './groups.ts';
import { painter } from './paint.ts';
import type { TextOptions } from './text.ts';

/** Checks that are named where many can judge no more, or again. */
const NAMED = 3;

/** What changed from one look to the next, for people: a line that says when, then a block for each change. */
export async function renderChanges(changes: readonly Change[], options: TextOptions): Promise<string> {
  const layout: Layout = { width: options.width, all: options.verbose, paint: painter(options.colour) };
  const shown = worthTelling(changes, options.verbose);
  const [first] = shown;
  if (first === undefined) return '';
  const of = (...kinds: ChangeKind[]) => shown.filter(({ change }) => kinds.includes(change));
  const blocks: string[][] = [];
  for (const group of groupsOf(of('appeared', 'changed'))) blocks.push(await groupLines(group, layout));
  for (const group of groupsOf(of('gone'))) blocks.push(goneLines(group, afterText(group, shown), layout));
  blocks.push(...sightBlocks(shown, layout));
  const lines = [layout.paint('dim', clock(first.at)), ...blocks.flatMap((block) => [...block, ''])];
  return `${lines.join('\n')}\n`;
}

/** Without information that only came or went, unless `all` was asked for. */
export function worthTelling(changes: readonly Change[], all: boolean): Change[] {
  return changes.filter((c) => all || c.finding === null || isWorthTelling(c));
}

/** A block for each reason why checks can judge no more, and one for those that can again. */
export function sightBlocks(changes: readonly Change[], layout: Layout): string[][] {
  const blocks = byReason(changes.filter(({ change }) => change === 'unknown')).map((same) =>
    unknownLines(same, layout),
  );
  const judged = changes.filter(({ change }) => change === 'judged');
  if (judged.length > 0)
    blocks.push([...labelled('SEEN', 'dim', `${checks(judged)} again`, layout), ...names(judged, layout)]);
  return blocks;
}

function isWorthTelling({ finding, change, reason }: Change): boolean {
  return finding?.severity !== 'info' || (change === 'changed' && reason !== '');
}

/** As the report groups them. An explanation is told only where it came with what it explains. */
export function groupsOf(changes: readonly Change[]): Group[] {
  const byCheck = new Map<string, ReportedCheck>();
  for (const { check: id, failureTitle, finding } of changes) {
    if (finding === null) continue;
    const check = byCheck.get(id) ?? { ...CHECK, id, failureTitle, findings: [] };
    const explainedBy = finding.explainedBy.filter((cause) =>
      changes.some(
        (c) =>
          c.check === cause.check &&
          c.finding?.messageId === cause.messageId &&
          c.finding.subject.id === cause.subject.id,
      ),
    );
    check.findings.push({ ...finding, explainedBy });
    byCheck.set(id, check);
  }
  return groupFindings({ checks: [...byCheck.values()] });
}

const CHECK: Omit<ReportedCheck, 'id' | 'failureTitle' | 'findings'> = {
  title: '',
  severity: 'error',
  verdict: 'found',
  reason: '',
  problems: [],
  ms: 0,
  ignored: [],
  explainedBy: [],
};

/** `more`: what is said of it behind its check. */
export function goneLines(group: Group, more: string, layout: Layout): string[] {
  return [
    ...labelled('GONE', 'bold', headlineText(group), layout),
    ...belowLabel(group.check + more, layout),
    ...placeLines(group.findings, layout),
  ];
}

/** `, after 12 min` */
function afterText(group: Group, changes: readonly Change[]): string {
  const ids = new Set(group.findings.map(({ subject }) => subject.id));
  const lasted = changes
    .filter((c) => c.change === 'gone' && c.check === group.check && ids.has(c.finding?.subject.id ?? ''))
    .map(({ at, since }) => Date.parse(at) - Date.parse(since));
  return `, after ${durationText(Math.max(...lasted))}`;
}

function byReason(changes: readonly Change[]): Change[][] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) groups.set(change.reason, [...(groups.get(change.reason) ?? []), change]);
  return [...groups.values()];
}

function unknownLines(changes: readonly Change[], layout: Layout): string[] {
  const text = `${checks(changes)} no more: ${changes[0]?.reason ?? ''}`;
  return [...labelled('?', 'yellow', text, layout), ...names(changes, layout)];
}

function checks(changes: readonly Change[]): string {
  return changes.length === 1 ? '1 check judges' : `${changes.length} checks judge`;
}

function names(changes: readonly Change[], layout: Layout): string[] {
  const all = changes.map(({ check }) => check);
  const few = layout.all || all.length <= NAMED + 1 ? all : all.slice(0, NAMED);
  const more = all.length > few.length ? [`${all.length - few.length} more (-v)`] : [];
  return belowLabel([...few, ...more].join(', '), layout);
}

/** `2026-01-02 03:04:05 UTC` */
export function clock(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}
