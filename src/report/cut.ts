import { displayWidth, takeColumns, wrapText } from './width.ts';

const ID = /(?<![0-9a-f])([0-9a-f]{13})[0-9a-f]{51}(?![0-9a-f])/g;
const MARK = '...';

/** Ids of sandboxes and containers as crictl shows them: the first 13 digits. */
export function shortIds(text: string): string {
  return text.replace(ID, '$1');
}

/** A text in at most `columns`, cut in the middle: of a path the end says most. */
export function cutMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const tail = Math.floor((columns - MARK.length) / 2);
  return takeColumns(text, columns - MARK.length - tail) + MARK + takeLast(text, tail);
}

/** A text in at most `columns`, cut at its end. */
export function cutEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return takeColumns(text, columns - MARK.length).trimEnd() + MARK;
}

/** A text broken into at most `lines` lines of at most `columns`; the last says when there would be more. */
export function wrapLines(text: string, columns: number, lines: number): string[] {
  if (columns === Number.POSITIVE_INFINITY) return [text];
  // Breaking ten thousand characters to keep three lines would be a waste.
  const enough = takeColumns(text, columns * (lines + 1));
  const all = wrapText(enough, columns).split('\n');
  if (all.length <= lines) return all;
  const last = all[lines - 1] ?? '';
  return [...all.slice(0, lines - 1), `${takeColumns(last, columns - MARK.length).trimEnd()}${MARK}`];
}

function takeLast(text: string, columns: number): string {
  const reversed = [...text.slice(-columns)].reverse().join('');
  return [...takeColumns(reversed, columns)].reverse().join('');
}
