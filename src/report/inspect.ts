import { type InspectReport, PARTIES, type Party, type Truth } from '../model/truths.ts';
import { columns } from './columns.ts';
import { shortIds, wrapLines } from './cut.ts';
import { escapeText } from './escape.ts';
import type { Paint } from './paint.ts';
import { paintLine } from './segments.ts';
import { displayWidth } from './width.ts';

export interface InspectOptions {
  /** Columns that cells are broken to; infinite: none is. */
  wrap: number;
  full: boolean;
  paint: Paint;
}

const GAP = 2;
const CELL_LINES = 6;
const DIFFER = 'DIFFER ';
const MARK = '! ';
/** Less than that is no column that anybody could read. */
const MIN_CELL = 10;

/** What each party says, one column for each that says anything, and below where they differ. */
export async function renderInspect(report: InspectReport, options: InspectOptions): Promise<string> {
  const { thing, truths, unseen, pod } = report;
  const { wrap, paint } = options;
  const head = paintLine(
    [
      [null, `${thing.kind} `],
      ['bold', escapeText(thing.title)],
      ['dim', thing.kind === 'process' ? '' : `  ${options.full ? thing.id : shortIds(thing.id)}`],
      [null, pod && thing.kind === 'pod' ? `  ${pod.state}` : ''],
    ],
    wrap,
    paint,
  );
  const differing = truths.filter((t) => t.differs !== '');
  const blocks = [
    [head],
    await table(truths, options),
    differing.flatMap((t) => wrapped(DIFFER, differText(t), options)),
    unseen.flatMap(({ party, why }) => wrapLines(`? ${party}: ${escapeText(why)}`, wrap, CELL_LINES)),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function differText({ about, differs }: Truth): string {
  return differs.startsWith(`${about} `) ? differs : `${about}: ${differs}`;
}

async function table(truths: readonly Truth[], { wrap, full, paint }: InspectOptions): Promise<string[]> {
  const text = (said: string) => (full ? escapeText(said) : shortIds(escapeText(said)));
  const parties = PARTIES.filter((party) => truths.some((t) => t[party].said !== '' || !t[party].seen));
  const labels = truths.map((t) => (t.differs === '' ? '  ' : MARK) + escapeText(t.about));
  const label = Math.max(...labels.map(displayWidth));
  const rooms = roomsOf(truths, parties, wrap - label, text);
  const rows = truths.map((t, i) => [
    t.differs === '' ? (labels[i] ?? '') : paint('red', labels[i] ?? ''),
    ...parties.map((party) => {
      const { said, seen } = t[party];
      const lines = wrapLines(seen ? text(said) || '-' : '?', rooms.get(party) ?? MIN_CELL, CELL_LINES);
      const style = t.differs !== '' && said !== '' ? 'red' : said === '' ? 'dim' : null;
      return lines.map((line) => (style === null ? line : paint(style, line))).join('\n');
    }),
  ]);
  return columns([['', ...parties.map((p) => p.toUpperCase())], ...rows], GAP);
}

/** Columns share the room by what they have to say: who says little leaves the rest to the others. */
function roomsOf(
  truths: readonly Truth[],
  parties: readonly Party[],
  width: number,
  text: (said: string) => string,
): Map<Party, number> {
  const wanted = parties
    .map((party) => ({
      party,
      columns: Math.max(party.length, ...truths.map((t) => displayWidth(text(t[party].said)))),
    }))
    .sort((a, b) => a.columns - b.columns);
  const rooms = new Map<Party, number>();
  let left = width - GAP * parties.length;
  wanted.forEach(({ party, columns: most }, i) => {
    const room = Math.max(MIN_CELL, Math.min(most, Math.floor(left / (wanted.length - i))));
    rooms.set(party, room);
    left -= room;
  });
  return rooms;
}

function wrapped(label: string, text: string, { wrap, full, paint }: InspectOptions): string[] {
  const safe = full ? escapeText(text) : shortIds(escapeText(text));
  return wrapLines(safe, wrap - label.length, CELL_LINES).map(
    (line, i) => (i === 0 ? paint('red', label) : ' '.repeat(label.length)) + line,
  );
}
