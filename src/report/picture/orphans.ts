import type { PictureOrphan } from '../../model/picture.ts';
import { type Markup, markup } from '../markup.ts';
import { type Link, linked } from './marks.ts';
import { box, type Drawn, icon, rank, worst } from './shapes.ts';
import { label } from './text.ts';
import { count, orphanWords } from './words.ts';

const GAP = 8;
const HEIGHT = 42;
const HEAD = 24;
const SHOWN = 12;

/** What a finding is about and no pod owns: each a box that hangs on nothing. */
export function drawOrphans(
  orphans: readonly PictureOrphan[],
  width: number,
  columns: number,
  link: Link,
): Drawn {
  const shown = orphans.toSorted((a, b) => rank(a.marks) - rank(b.marks)).slice(0, SHOWN);
  const column = Math.floor((width + GAP) / columns);
  const boxes = shown.map((orphan, i) => {
    const x = (i % columns) * column;
    const y = HEAD + Math.floor(i / columns) * (HEIGHT + GAP);
    return markup`
<g transform="translate(${x} ${y})">${drawOrphan(orphan, column - GAP, link)}</g>`;
  });
  const more = orphans.length - shown.length;
  const height = HEAD + Math.ceil(shown.length / columns) * (HEIGHT + GAP) + (more > 0 ? 18 : -GAP);
  const words = `${orphans.length} outside of any pod`;
  const head = label({ x: 0, y: 14, text: words, room: width, is: 'words strong' });
  const rest =
    more > 0
      ? [label({ x: 0, y: height - 4, text: `and ${count(more, 'other')}`, room: width, is: 'words dim' })]
      : [];
  return { height, body: markup`${head}${boxes}${rest}` };
}

function drawOrphan({ kind, name, marks }: PictureOrphan, width: number, link: Link): Markup {
  const severity = worst(marks) || 'info';
  const room = width - 34;
  const body = markup`${box({ x: 0.75, y: 0.75, width: width - 1.5, height: HEIGHT - 1.5, is: `box lost ${severity}` })}<g><title>${severity}</title>${icon(severity, 15, 15)}</g>${label(
    { x: 28, y: 18, text: orphanWords(kind), room, is: 'words dim' },
  )}${label({ x: 28, y: 34, text: name, room })}`;
  return markup`<svg width="${width}" height="${HEIGHT}">${linked(body, link(marks[0]?.fingerprint ?? ''))}</svg>`;
}
