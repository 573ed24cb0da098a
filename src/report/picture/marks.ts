import type { Mark } from '../../model/picture.ts';
import { wrapLines } from '../cut.ts';
import { type Markup, markup, plainText } from '../markup.ts';
import { type Drawn, icon, ROW, worstFirst } from './shapes.ts';
import { columnsIn, label } from './text.ts';

/** Where a finding is told, as `#f3`; '' where nobody tells it. */
export type Link = (fingerprint: string) => string;

export interface MarkOptions {
  width: number;
  /** So many of the worst are told. */
  shown: number;
  /** So many lines each may take. */
  lines: number;
  link: Link;
}

const TEXT = 20;
/** Lines of one message lie closer than rows. */
const LINE = 15;

/** What was found, the worst first, and how much more there is. */
export function markRows(marks: readonly Mark[], options: MarkOptions): Drawn {
  const rows: Markup[] = [];
  let y = 0;
  for (const mark of worstFirst(marks).slice(0, options.shown)) {
    const { height, body } = markRow(mark, options);
    rows.push(markup`<g transform="translate(0 ${y})">${body}</g>`);
    y += height;
  }
  const more = marks.length - options.shown;
  if (more > 0) {
    const text = `and ${more} more`;
    rows.push(label({ x: TEXT, y: y + 13, text, room: options.width, is: 'words dim' }));
    y += ROW;
  }
  return { height: y, body: markup`${rows}` };
}

function markRow({ severity, message, fingerprint }: Mark, { width, lines, link }: MarkOptions): Drawn {
  const whole = plainText(message);
  const shown = wrapLines(whole, columnsIn(width - TEXT), lines);
  const isCut = shown.join('').length < whole.length - shown.length;
  const texts = shown.map((text, i) => markup`<tspan x="${TEXT}" y="${13 + i * LINE}">${text}</tspan>`);
  const title = isCut ? markup`<title>${whole}</title>` : [];
  const row = markup`<g><title>${severity}</title>${icon(severity, 8, 9)}</g><text class="${severity}">${title}${texts}</text>`;
  return { height: ROW + (shown.length - 1) * LINE, body: linked(row, link(fingerprint)) };
}

export function linked(body: Markup, href: string): Markup {
  return href === '' ? body : markup`<a href="${href}">${body}</a>`;
}
