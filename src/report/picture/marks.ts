import type { Mark } from '../../model/picture.ts';
import { type Markup, markup } from '../markup.ts';
import { type Drawn, icon, ROW, worstFirst } from './shapes.ts';
import { label } from './text.ts';

/** Where a finding is told, as `#f3`; '' where nobody tells it. */
export type Link = (fingerprint: string) => string;

/** One line for each of the worst marks, and how many more there are. */
export function markRows(marks: readonly Mark[], width: number, shown: number, link: Link): Drawn {
  const sorted = worstFirst(marks);
  const rows = sorted.slice(0, shown).map((mark, i) => markRow(mark, i * ROW, width, link));
  const more = sorted.length - rows.length;
  if (more > 0)
    rows.push(label({ x: 20, y: shown * ROW + 13, text: `and ${more} more`, room: width, is: 'words dim' }));
  return { height: rows.length * ROW, body: markup`${rows}` };
}

function markRow({ severity, message, fingerprint }: Mark, y: number, width: number, link: Link): Markup {
  const row = markup`<g><title>${severity}</title>${icon(severity, 8, y + 9)}</g>${label({
    x: 20,
    y: y + 13,
    text: message,
    room: width - 20,
    is: severity,
  })}`;
  return linked(row, link(fingerprint));
}

export function linked(body: Markup, href: string): Markup {
  return href === '' ? body : markup`<a href="${href}">${body}</a>`;
}
