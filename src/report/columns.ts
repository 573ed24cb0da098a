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

/** Beyond this many characters cli-table3 takes seconds for a cell, and nobody could read columns. */
const LONG = 500;

/** Rows as lines with aligned columns, no borders, no trailing blanks. A cell may hold several lines. */
export async function columns(rows: readonly string[][], gap: number): Promise<string[]> {
  if (rows.length === 0) return [];
  if (rows.flat().some((cell) => cell.length > LONG)) return rows.map((row) => row.join(' '.repeat(gap)));
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': gap, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
