import type { PicturePod } from '../../model/picture.ts';
import { type Markup, markup } from '../markup.ts';
import { frame } from './frame.ts';
import { type Link, markRows } from './marks.ts';
import { box, type Drawn, line, ROW, worst } from './shapes.ts';
import { label, textWidth } from './text.ts';

const PAD = 10;
const SHOWN = 4;
const HEAD = 22;

/** Where a card's cable comes in, from its top. */
export const CABLE_Y = HEAD + 13;

/** A pod drawn large: its cable, its pause, its containers and what was found. */
export function card(pod: PicturePod, width: number, link: Link): Drawn {
  const room = width - 2 * PAD;
  const cable = cableRows(pod, room);
  const held = frame(pod, room);
  const marks = [...pod.marks, ...(pod.cable?.marks ?? []), ...pod.containers.flatMap((c) => c.marks)];
  const found = markRows(marks, { width: room, shown: SHOWN, lines: 3, link });
  const framed = HEAD + cable.height + 4;
  const told = framed + held.height + 6;
  const height = told + found.height + (found.height > 0 ? PAD : 4);
  const stateX = width - PAD - textWidth(pod.state);
  const isWrong = pod.state === 'unlisted';
  const body = markup`${box({ x: 0.75, y: 0.75, width: width - 1.5, height: height - 1.5, is: `box ${worst(marks) || 'error'}` })}${label(
    { x: PAD, y: 18, text: pod.title, room: stateX - PAD - 8, is: 'title', size: 13 },
  )}${label({ x: stateX, y: 18, text: pod.state, room: width, is: isWrong ? 'error' : 'dim' })}${at(HEAD, cable.body)}${at(
    framed,
    held.body,
  )}${at(told, found.body)}`;
  return { height, body: markup`<svg width="${width}" height="${height}">${body}</svg>` };
}

function at(y: number, body: Markup): Markup {
  return markup`<g transform="translate(${PAD} ${y})">${body}</g>`;
}

/** The node's end of a veth, the end inside, the addresses there. */
function cableRows({ cable, addresses, state }: PicturePod, room: number): Drawn {
  const parts: Markup[] = [];
  let x = 0;
  const put = (text: string, is = '') => {
    parts.push(label({ x, y: 16, text, room: Math.max(room - x, 30), is }));
    x += textWidth(text) + 6;
  };
  if (cable?.outside) put(cable.outside);
  if (cable?.outside && cable.inside) {
    parts.push(
      line(
        [
          [x, 12],
          [x + 14, 12],
        ],
        'line',
      ),
    );
    x += 20;
  }
  if (cable?.inside) put(cable.inside);
  if (cable && cable.kind !== '' && cable.kind !== 'veth') put(cable.kind, 'dim');
  const first = addresses?.[0];
  const fits = first !== undefined && x + textWidth(first) <= room;
  if (first !== undefined && fits) put(first);
  const rest = (addresses ?? []).slice(fits ? 1 : 0);
  const unseen = addresses === null && state === 'ready' ? ['address not seen'] : [];
  const rows = [
    ...rest.map((text) => ({ text, is: '' })),
    ...unseen.map((text) => ({ text, is: 'words dim' })),
    ...(cable?.broken ? [{ text: cable.broken, is: 'error' }] : []),
  ];
  const from = parts.length > 0 ? 1 : 0;
  const body = rows.map(({ text, is }, i) => label({ x: 0, y: (from + i) * ROW + 16, text, room, is }));
  return { height: (from + rows.length) * ROW + 4, body: markup`${parts}${body}` };
}
