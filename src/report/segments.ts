import { cutEnd } from './cut.ts';
import type { Paint, Style } from './paint.ts';
import { displayWidth } from './width.ts';

/** A part of a line and its style; null: plain. Texts are escaped already. */
export type Segment = [style: Style | null, text: string];

/** One line of at most `width` columns, cut at its end. */
export function paintLine(segments: readonly Segment[], width: number, paint: Paint): string {
  let room = width;
  let line = '';
  for (const [style, text] of segments) {
    if (room <= 0) break;
    if (text === '') continue;
    const shown = cutEnd(text, room);
    room -= shown === text ? displayWidth(text) : room;
    line += style === null ? shown : paint(style, shown);
  }
  return line;
}
