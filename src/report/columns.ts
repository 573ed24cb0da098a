import { displayWidth } from './width.ts';

const EDGES = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
];
const NO_BORDERS = Object.fromEntries(EDGES.map((edge) => [edge, '']));

/** Rows as lines with aligned columns, no borders, no trailing blanks. A cell may hold several lines. */
export async function columns(rows: readonly string[][], gap: number): Promise<string[]> {
  if (rows.length === 0) return [];
  const { default: Table } = await import('cli-table3');
  const widths = widest(rows).map((width) => width + gap);
  const table = new Table({
    chars: NO_BORDERS,
    colWidths: widths,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

function widest(rows: readonly string[][]): number[] {
  const count = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, i) =>
    Math.max(...rows.flatMap((row) => (row[i] ?? '').split('\n').map(displayWidth))),
  );
}
