import type { NodePicture } from '../../model/picture.ts';
import { type Markup, markup, markupText, verbatim } from '../markup.ts';
import { drawHead } from './head.ts';
import type { Link } from './marks.ts';
import { drawOrphans } from './orphans.ts';
import { drawPlace } from './place.ts';
import { type Drawn, line } from './shapes.ts';
import { DARK, LIGHT, PICTURE_STYLE } from './style.ts';
import { count } from './words.ts';

const PAD = 22;
const GAP = 18;
/** Where the line goes that joins all that the node routes between. */
const SPINE = 10;
/** Widths in px by how many pods stand side by side. */
const WIDTHS = { 1: 350, 2: 720, 3: 1080 };

export type Columns = keyof typeof WIDTHS;

export interface PictureOptions {
  columns: Columns;
  /** Begins the ids of its elements. */
  prefix: string;
  /** Another class of the whole. */
  is: string;
  link: Link;
  /** Goes before everything in it. */
  style: Markup | readonly [];
}

/** A picture as a file of its own, in the colours that whoever looks at it prefers. */
export function renderPicture(picture: NodePicture): string {
  const style = `.picture {${LIGHT}}\n@media (prefers-color-scheme: dark) { .picture {${DARK}} }${PICTURE_STYLE}`;
  const options = {
    columns: 3,
    prefix: 'picture',
    is: 'alone',
    link: () => '',
    style: markup`<style>${verbatim(style)}</style>`,
  } as const;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${markupText(drawPicture(picture, options))}\n`;
}

export function drawPicture(
  picture: NodePicture,
  { columns, prefix, is, link, style }: PictureOptions,
): Markup {
  const width = WIDTHS[columns];
  const room = width - 2 * PAD;
  const { places, orphans } = picture;
  const head = drawHead(picture, room, link);
  const joined = picture.uplinks.length > 0 ? [14 + head.height - 21] : [];
  const parts: Markup[] = [];
  let y = 14 + head.height + 6;
  const put = ({ height, body }: Drawn) => {
    parts.push(markup`
<g transform="translate(${PAD} ${y})">${body}</g>`);
    y += height + GAP;
  };
  if (orphans.length > 0) put(drawOrphans(orphans, room, columns, link));
  for (const place of places) {
    if (place.kind !== 'none') joined.push(y + 15);
    put(drawPlace(place, room, columns, link));
  }
  const height = Math.ceil(y - GAP + PAD);
  const [first, last] = [joined[0] ?? 0, joined.at(-1) ?? 0];
  const spine =
    joined.length < 2
      ? []
      : [
          line(
            [
              [SPINE, first],
              [SPINE, last],
            ],
            'routed',
          ),
          joined.map((at) =>
            line(
              [
                [SPINE, at],
                [PAD, at],
              ],
              'routed',
            ),
          ),
        ];
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="picture ${is}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="${prefix}-title ${prefix}-desc"><title id="${prefix}-title">${titleOf(picture)}</title><desc id="${prefix}-desc">${describe(picture)}</desc>${style}
<rect width="${width}" height="${height}" rx="8" class="ground"/>${spine}<g transform="translate(${PAD} 14)">${head.body}</g>${parts}</svg>`;
}

function titleOf({ node }: NodePicture): string {
  return `Pods and networks of ${node || 'the node'}`;
}

function describe({ places, orphans }: NodePicture): string {
  const pods = places.flatMap((place) => place.pods);
  const sick = pods.filter((pod) => pod.sick);
  const names = sick.slice(0, 10).map(({ title }) => title);
  const more = sick.length > names.length ? ` and ${sick.length - names.length} more` : '';
  return [
    `${count(pods.length, 'pod')} on ${count(places.length, 'network')}`,
    ...(sick.length > 0
      ? [`something is wrong with ${names.join(', ')}${more}`]
      : ['nothing is wrong with any']),
    ...(orphans.length > 0 ? [`${orphans.length} outside of any pod`] : []),
  ].join('; ');
}
