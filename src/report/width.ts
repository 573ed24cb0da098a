const STYLE = /\x1b\[[0-9;]*m/g;
const ASCII = /^[\x20-\x7e]*$/;

/** Code points that take two columns: East Asian wide and fullwidth, emoji. Pairs of first and last, sorted. */
const WIDE = [
  0x1100, 0x115f, 0x231a, 0x231b, 0x23e9, 0x23ec, 0x25fd, 0x25fe, 0x2614, 0x2615, 0x2648, 0x2653, 0x26aa,
  0x26ab, 0x26bd, 0x26be, 0x2705, 0x2705, 0x274c, 0x274c, 0x2795, 0x2797, 0x2e80, 0x303e, 0x3041, 0xa4cf,
  0xa960, 0xa97c, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff00, 0xff60, 0xffe0, 0xffe6, 0x1f300,
  0x1f64f, 0x1f680, 0x1f6ff, 0x1f900, 0x1faff, 0x20000, 0x3fffd,
];

/** Code points that take none: combining marks and variation selectors. */
const MARKS = [
  0x300, 0x36f, 0x483, 0x489, 0x591, 0x5bd, 0x610, 0x61a, 0x64b, 0x65f, 0x93c, 0x93c, 0x941, 0x948, 0xe31,
  0xe31, 0xe34, 0xe3a, 0x1ab0, 0x1aff, 0x1dc0, 0x1dff, 0x200b, 0x200f, 0x20d0, 0x20ff, 0xfe00, 0xfe0f, 0xfe20,
  0xfe2f, 0xe0100, 0xe01ef,
];

/** Columns that a text takes in a terminal; colour sequences take none. */
export function displayWidth(text: string): number {
  const plain = stripStyles(text);
  if (ASCII.test(plain)) return plain.length;
  let columns = 0;
  for (const char of plain) columns += columnsOf(char.codePointAt(0) ?? 0);
  return columns;
}

/** The text without colour sequences. */
export function stripStyles(text: string): string {
  return text.replace(STYLE, '');
}

/** The longest beginning that takes at most `columns`. */
export function takeColumns(text: string, columns: number): string {
  let used = 0;
  let taken = '';
  for (const char of text) {
    used += columnsOf(char.codePointAt(0) ?? 0);
    if (used > columns) break;
    taken += char;
  }
  return taken;
}

/** Breaks every line of a text at spaces, and words longer than a line anywhere, to at most `columns`. */
export function wrapText(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, Math.max(1, columns)))
    .join('\n');
}

function wrapLine(line: string, columns: number): string[] {
  if (displayWidth(line) <= columns) return [line];
  const lines: string[] = [];
  let current: string | undefined;
  for (const word of line.split(' ')) {
    const longer: string = current === undefined ? word : `${current} ${word}`;
    if (displayWidth(longer) <= columns) {
      current = longer;
      continue;
    }
    if (current !== undefined) lines.push(current);
    let rest = word;
    while (displayWidth(rest) > columns) {
      const head = takeColumns(rest, columns) || [...rest].slice(0, 1).join('');
      lines.push(head);
      rest = rest.slice(head.length);
    }
    current = rest === '' && word !== '' ? undefined : rest;
  }
  return current === undefined ? lines : [...lines, current];
}

function columnsOf(codePoint: number): number {
  if (codePoint < 0x300) return 1;
  if (within(MARKS, codePoint)) return 0;
  return within(WIDE, codePoint) ? 2 : 1;
}

function within(ranges: readonly number[], codePoint: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) {
    if (codePoint < (ranges[i] ?? 0)) return false;
    if (codePoint <= (ranges[i + 1] ?? 0)) return true;
  }
  return false;
}
