import type { SubjectKind } from '../model/check.ts';
import type { ReportedFinding } from '../model/report.ts';
import { columns } from './columns.ts';
import { commandLines } from './command.ts';
import { cutMiddle, shortIds, wrapLines } from './cut.ts';
import { escapeText } from './escape.ts';
import type { Group } from './groups.ts';
import { type Paint, SEVERITY_STYLE, type Style } from './paint.ts';
import { displayWidth } from './width.ts';

export interface Layout {
  /** Columns; infinite when nothing may be cut. */
  width: number;
  /** Show every subject. */
  all: boolean;
  paint: Paint;
}

export const SEVERITY_LABEL = { error: 'ERROR', warning: 'WARN', info: 'INFO' };
const INDENT = '       ';
const GAP = 2;
/** Subjects of one message that are shown when not all are. */
const SHOWN = 3;
const MESSAGE_LINES = 4;
const VALUE_LINES = 3;
/** Where the risk of a command ends when there is room. */
const RISK_END = 80;

const KINDS: Partial<Record<SubjectKind, string>> = {
  sandbox: 'sandboxes',
  process: 'processes',
  netns: 'network namespaces',
};

/** One group as lines: headline, check, where to look, what to type. What something explains is told in short. */
export async function groupLines(group: Group, layout: Layout): Promise<string[]> {
  const { findings } = group;
  const shown = layout.all ? findings : findings.slice(0, SHOWN);
  const shared = sharedRemedies(findings);
  const each = shared.length === 0 || layout.all;
  const sayTheSame = findings.every(({ message }) => message === findings[0]?.message);
  const lines = [...headline(group, layout), ...checkLines(group, layout)];
  if (group.cause !== null && !layout.all)
    return [...lines, ...placeLines(findings, layout), ...cureLines(shared.slice(0, 1), layout, 'do')];
  for (const finding of shown) {
    if (findings.length > 1) lines.push(...subjectLines(finding, sayTheSame, layout));
    lines.push(...(await evidenceLines(finding, layout)));
    const own = each ? finding.remedies.filter((remedy) => !holds(shared, remedy)) : [];
    lines.push(...cureLines(own, layout, shared.length === 0 ? 'do' : 'or'));
  }
  if (shown.length < findings.length) lines.push(`${INDENT}... ${findings.length - shown.length} more (-v)`);
  return [...lines, ...cureLines(shared, layout, 'do')];
}

function checkLines({ check, cause }: Group, layout: Layout): string[] {
  const because = cause === null ? '' : `, because of ${cause} above`;
  return belowLabel(`${check}${because}`, layout);
}

/** A few of many, by name. */
export function placeLines(findings: readonly ReportedFinding[], layout: Layout): string[] {
  if (findings.length === 1) return [];
  const names = findings.slice(0, SHOWN).map(({ subject }) => subject.name ?? subject.id);
  const more = findings.length > SHOWN ? [`${findings.length - SHOWN} more (-v)`] : [];
  return textLines([...names, ...more].join(', '), layout).map((line) => INDENT + line);
}

export type Remedy = ReportedFinding['remedies'][number];

/** What cures all of them at once; what is beside that for each is for who wants all. */
export function sharedRemedies([first, ...others]: readonly ReportedFinding[]): Remedy[] {
  return first?.remedies.filter((remedy) => others.every((f) => holds(f.remedies, remedy))) ?? [];
}

export function holds(remedies: readonly Remedy[], { title, risk, commands }: Remedy): boolean {
  return remedies.some(
    (r) => r.title === title && r.risk === risk && r.commands.join('\n') === commands.join('\n'),
  );
}

function headline(group: Group, layout: Layout): string[] {
  return labelled(
    SEVERITY_LABEL[group.severity],
    SEVERITY_STYLE[group.severity],
    headlineText(group),
    layout,
  );
}

/** A bold sentence behind a short word in colour. */
export function labelled(word: string, style: Style, text: string, layout: Layout): string[] {
  const label = layout.paint(style, word.padEnd(INDENT.length));
  const [first = '', ...rest] = textLines(text, layout);
  const bold = (line: string) => layout.paint('bold', line);
  return [label + bold(first), ...rest.map((line) => INDENT + bold(line))];
}

/** Lines below such a sentence. */
export function belowLabel(text: string, layout: Layout): string[] {
  return textLines(text, layout).map((line) => INDENT + layout.paint('dim', line));
}

/** What a group says: the message, or of several what they have in common. */
export function headlineText({ findings, failureTitle }: Group): string {
  const [first, ...others] = findings;
  if (first === undefined) return '';
  if (others.length === 0) return first.message;
  return `${failureTitle} (${findings.length} ${kindOf(findings)})`;
}

function kindOf(findings: readonly ReportedFinding[]): string {
  const kinds = new Set(findings.map((f) => f.subject.kind));
  const [kind] = kinds;
  return kinds.size > 1 || kind === undefined ? 'subjects' : (KINDS[kind] ?? `${kind}s`);
}

/** Several findings: each says its own message, or its name where the message is the same for all. */
function subjectLines({ message, subject }: ReportedFinding, sayTheSame: boolean, layout: Layout): string[] {
  const text = sayTheSame ? (subject.name ?? subject.id) : message;
  return textLines(text, layout).map((line) => INDENT + line);
}

function textLines(text: string, layout: Layout): string[] {
  return wrapLines(shown(text, layout), layout.width - INDENT.length, MESSAGE_LINES);
}

async function evidenceLines(finding: ReportedFinding, layout: Layout): Promise<string[]> {
  const room = layout.width - INDENT.length;
  const texts = finding.evidence.map(({ at, value = '' }) => [shown(at, layout), shown(value, layout)]);
  const widest = Math.max(0, ...texts.map(([, value = '']) => displayWidth(value)));
  const atMost = widest === 0 ? room : room - GAP - Math.min(widest, Math.floor(room / 2));
  const ats = texts.map(([at = '']) => cutMiddle(at, atMost));
  const valueRoom = room - GAP - Math.max(0, ...ats.map(displayWidth));
  const rows = texts.map(([, value = ''], i) => [
    layout.paint('dim', i === 0 ? '  see' : ''),
    ats[i] ?? '',
    wrapLines(value, valueRoom, VALUE_LINES).join('\n'),
  ]);
  return columns(rows, GAP);
}

function cureLines(remedies: readonly Remedy[], layout: Layout, first: 'do' | 'or'): string[] {
  return remedies.flatMap(({ commands, title, risk }, i) => {
    const label = layout.paint('dim', `  ${i === 0 ? first : 'or'}`.padEnd(INDENT.length));
    const room = layout.width - INDENT.length;
    const lines = commands.length > 0 ? commands.map(escapeText) : textLines(title, layout);
    const broken = lines.flatMap((line) => (commands.length > 0 ? commandLines(line, room) : [line]));
    const last = broken.pop() ?? '';
    return [...broken, ...withRisk(last, risk, room)].map((line, n) => (n === 0 ? label : INDENT) + line);
  });
}

/** The risk behind the command where it fits, else below it. */
function withRisk(line: string, risk: string, room: number): string[] {
  const used = displayWidth(line) + GAP + risk.length;
  if (used > room) return [line, `(${risk})`];
  const end = Math.max(used, Math.min(room, RISK_END - INDENT.length));
  return [line + ' '.repeat(end - displayWidth(line) - risk.length) + risk];
}

function shown(text: string, layout: Layout): string {
  const safe = escapeText(text);
  return layout.width === Number.POSITIVE_INFINITY ? safe : shortIds(safe);
}
