import { cutMiddle } from '../cut.ts';
import { type Markup, markup, plainText } from '../markup.ts';
import { displayWidth } from '../width.ts';

/** Width of a column of our fixed-width fonts at 12 px; the widest of them takes 0.603 em. */
const COLUMN = 7.4;

export interface Label {
  x: number;
  /** Of the baseline. */
  y: number;
  text: string;
  /** Width that it may take, in px; what is longer is cut in the middle, and whole in a tooltip. */
  room: number;
  /** Classes of the style. */
  is?: string;
  /** Size of the font, where it is not 12 px. */
  size?: number;
}

/** A text of a picture. */
export function label({ x, y, text, room, is = '', size = 12 }: Label): Markup {
  const columns = columnsIn(room, size);
  const whole = plainText(text);
  const cut = cutMiddle(whole, columns);
  const title = cut === whole ? '' : markup`<title>${whole}</title>`;
  const style = is === '' ? [] : markup` class="${is}"`;
  return markup`<text x="${x}" y="${y}"${style}>${title}${cut}</text>`;
}

/** How many columns fit into a width in px. */
export function columnsIn(room: number, size = 12): number {
  return Math.max(4, Math.floor((room * 12) / (size * COLUMN)));
}

/** Width that a text takes at most, in px. */
export function textWidth(text: string, size = 12): number {
  return Math.ceil((displayWidth(plainText(text)) * COLUMN * size) / 12);
}
