import type { PicturePlace, PicturePod } from '../../model/picture.ts';
import { type Markup, markup } from '../markup.ts';
import { CABLE_Y, card } from './card.ts';
import { type Link, markRows } from './marks.ts';
import { box, cross, type Drawn, line, worst } from './shapes.ts';
import { label, textWidth } from './text.ts';
import { tiles } from './tiles.ts';
import { count, placeWords } from './words.ts';

const GAP = 10;
/** Left of a card, for the line that it hangs on. */
const GUTTER = 22;
const TRUNK = 9;
const BAR = 30;
/** Sick pods that are drawn large; more of them are lines among the others. */
const LARGE = 24;
const SHOWN = 4;

/** A bridge, or what else pods hang on, with its pods below: those that are sick large, the others as lines. */
export function drawPlace(place: PicturePlace, width: number, columns: number, link: Link): Drawn {
  const large = place.pods.filter(({ sick }) => sick).slice(0, LARGE);
  const others = place.pods.filter((pod) => !large.includes(pod));
  const bar = drawBar(place, width, link);
  const cards = drawCards(place, large, bar.height, width, columns, link);
  if (others.length === 0) return { height: cards.height, body: markup`${bar.body}${cards.body}` };
  const small = tiles(others, columns, width - GUTTER, large.length, link);
  const top = cards.height + GAP;
  const lines =
    place.kind === 'none'
      ? []
      : [
          line(
            [
              [TRUNK, bar.height],
              [TRUNK, top + 15],
              [GUTTER, top + 15],
            ],
            'line',
          ),
        ];
  return {
    height: top + small.height,
    body: markup`${bar.body}${lines}${cards.body}<g transform="translate(${GUTTER} ${top})">${small.body}</g>`,
  };
}

function drawBar(place: PicturePlace, width: number, link: Link): Drawn {
  const { addresses, broken, marks, pods } = place;
  const { words, name } = placeWords(place);
  const total = count(pods.length, 'pod');
  const totalX = width - 12 - textWidth(total);
  const parts: Markup[] = [];
  let x = 12;
  const put = (text: string, is: string) => {
    if (text === '' || x >= totalX - 30) return;
    parts.push(label({ x, y: 20, text, room: totalX - x - 8, is }));
    x += textWidth(text) + 8;
  };
  put(words, 'words strong');
  put(name, 'strong');
  put(broken, 'error strong');
  put(addresses.join(' · '), 'dim');
  const found = markRows(marks, { width: width - 24, shown: SHOWN, lines: 2, link });
  const height = BAR + (found.height > 0 ? found.height + 6 : 0);
  const is = `bar ${broken === '' ? worst(marks) : 'error'}`;
  return {
    height,
    body: markup`${box({ x: 0.5, y: 0.5, width: width - 1, height: height - 1, is })}${parts}${label({ x: totalX, y: 20, text: total, room: width, is: 'words dim' })}<g transform="translate(12 ${BAR})">${found.body}</g>`,
  };
}

/** Each where there is most room, so that rows do not wait for the tallest. */
function drawCards(
  { kind }: PicturePlace,
  pods: readonly PicturePod[],
  top: number,
  width: number,
  most: number,
  link: Link,
): Drawn {
  const columns = Math.max(Math.min(pods.length, most), most - 1, 1);
  const column = Math.floor((width + GAP) / columns);
  const ends = Array.from({ length: columns }, () => top);
  const trunks = ends.map(() => 0);
  const drawn = pods.map((pod) => {
    const i = ends.indexOf(Math.min(...ends));
    const x = i * column;
    const y = (ends[i] ?? top) + GAP;
    const { height, body } = card(pod, column - GAP - GUTTER, link);
    ends[i] = y + height;
    trunks[i] = y + CABLE_Y;
    const stub = kind === 'none' ? [] : stubOf(pod, x, y + CABLE_Y);
    return markup`
${stub}<g transform="translate(${x + GUTTER} ${y})">${body}</g>`;
  });
  const lines = trunks.flatMap((end, i) =>
    end === 0 || kind === 'none'
      ? []
      : [
          line(
            [
              [i * column + TRUNK, top],
              [i * column + TRUNK, end],
            ],
            'line',
          ),
        ],
  );
  return { height: Math.max(...ends), body: markup`${lines}${drawn}` };
}

function stubOf({ cable }: PicturePod, x: number, y: number): Markup {
  const broken = (cable?.broken ?? '') !== '';
  const path = line(
    [
      [x + TRUNK, y],
      [x + GUTTER, y],
    ],
    broken ? 'line error' : 'line',
  );
  return broken ? markup`${path}${cross(x + TRUNK + 6, y)}` : path;
}
