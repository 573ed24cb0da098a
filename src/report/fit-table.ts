import { columns } from './columns.ts';
import { cutMiddle } from './cut.ts';
import { escapeText } from './escape.ts';
import type { Paint, Style } from './paint.ts';
import { displayWidth } from './width.ts';

/** A column of a table for people. */
export interface Column<T> {
  head: string;
  /** The lines of a cell. They are escaped here. */
  cell: (row: T) => string | string[];
  /** Only where everything is wanted. */
  wide?: boolean;
  /** Left out where there is no room; the lowest first. */
  rank?: number;
  /** Cut where there is no room even so. */
  cut?: boolean;
  style?: (cell: string, row: T) => Style | null;
}

export interface TableOptions {
  /** Columns of the terminal; infinite: nothing is left out or cut. */
  width: number;
  wide: boolean;
  paint: Paint;
}

interface Kept<T> {
  column: Column<T>;
  lines: string[][];
  room: number;
}

const GAP = 3;
const NARROW_GAP = 2;
const MIN_ROOM = 12;

/**
 * A table in the manner of crictl, as lines. Columns of low rank go where there is too little room, then the
 * gaps shrink, then cells are cut in the middle.
 */
export async function fitTable<T>(
  rows: readonly T[],
  all: readonly Column<T>[],
  { width, wide, paint }: TableOptions,
): Promise<string[]> {
  const chosen = all.filter((column) => wide || !column.wide);
  const { kept, gap } = fitting(
    chosen.map((column) => measured(column, rows)),
    width,
  );
  const body = rows.map((row, i) =>
    kept.map(({ column, lines, room }) =>
      (lines[i] ?? [])
        .map((line) => {
          const shown = cutMiddle(line, room);
          const style = column.style?.(line, row) ?? null;
          return style === null || shown === '' ? shown : paint(style, shown);
        })
        .join('\n'),
    ),
  );
  return columns([kept.map(({ column }) => column.head), ...body], gap);
}

function measured<T>(column: Column<T>, rows: readonly T[]): Kept<T> {
  const lines = rows.map((row) => [column.cell(row)].flat().map(escapeText));
  return { column, lines, room: Math.max(column.head.length, ...lines.flat().map(displayWidth)) };
}

function fitting<T>(all: Kept<T>[], width: number): { kept: Kept<T>[]; gap: number } {
  let kept = all;
  const excess = (gap: number) => kept.reduce((sum, { room }) => sum + room + gap, -gap) - width;
  const ranks = [...new Set(all.map(({ column }) => column.rank ?? 0))].filter((rank) => rank > 0).sort();
  for (const rank of ranks) if (excess(GAP) > 0) kept = kept.filter(({ column }) => column.rank !== rank);
  const gap = excess(GAP) > 0 ? NARROW_GAP : GAP;
  for (const one of kept)
    if (one.column.cut && excess(gap) > 0) one.room = Math.max(MIN_ROOM, one.room - excess(gap));
  return { kept, gap };
}
