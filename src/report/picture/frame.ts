import type { PictureContainer, PicturePod } from '../../model/picture.ts';
import { type Markup, markup } from '../markup.ts';
import { box, cross, type Drawn, line, ROW } from './shapes.ts';
import { label, textWidth } from './text.ts';
import { nsLinkOf } from './words.ts';

const PAD = 8;
const KNOB = 14;
const TEXT = 26;
/** Below it a namespace has a line of its own. */
const NS_WIDTH = 122;

/** What a sandbox's namespaces hold: its pause and the containers that share them; below it those that do not. */
export function frame(pod: PicturePod, width: number): Drawn {
  const inside = pod.containers.filter(({ differs }) => differs.length === 0);
  const apart = pod.containers.filter(({ differs }) => differs.length > 0);
  const named = namespaces(pod, width);
  const rows = [pauseRow(pod, width), ...inside.map((one) => containerRow(one, width))];
  const top = PAD + named.height;
  const height = top + rows.length * ROW + PAD;
  const knobs = inside.flatMap(({ pid }, i) => (pid === null ? [] : [top + (i + 1) * ROW + 9]));
  const outside = apartRows(apart, width, height + PAD);
  const shared =
    (knobs.at(-1) ?? 0) > 0
      ? [
          line(
            [
              [KNOB, top + 9],
              [KNOB, knobs.at(-1) ?? 0],
            ],
            'line',
          ),
        ]
      : [];
  return {
    height: height + outside.height,
    body: markup`${box({ x: 0, y: 0, width, height, is: 'shared' })}<g transform="translate(0 ${PAD})">${
      named.body
    }</g>${shared}${rows.map(
      (row, i) => markup`
<g transform="translate(0 ${top + i * ROW})">${row}</g>`,
    )}${apart.length > 0 ? torn(top + 9, height + PAD + 9) : []}${outside.body}`,
  };
}

function namespaces({ namespaces }: PicturePod, width: number): Drawn {
  const columns = Math.max(1, Math.floor((width - 2 * PAD) / NS_WIDTH));
  const labels = namespaces.map(({ ns }, i) =>
    label({
      x: PAD + (i % columns) * NS_WIDTH,
      y: Math.floor(i / columns) * ROW + 12,
      text: ns,
      room: NS_WIDTH,
      is: 'dim',
    }),
  );
  return { height: Math.ceil(namespaces.length / columns) * ROW, body: markup`${labels}` };
}

function pauseRow({ pause: { state, pid } }: PicturePod, width: number): Markup {
  const lost = state === 'dead';
  const knob = lost
    ? cross(KNOB, 9)
    : markup`<rect x="${KNOB - 4}" y="5" width="8" height="8" class="${pid === null ? 'line' : 'knob'}"/>`;
  const word = label({ x: TEXT, y: 13, text: 'pause', room: 60, is: 'strong' });
  const x = TEXT + textWidth('pause') + 8;
  const told = pid === null ? PAUSE_WORDS[state] : String(pid);
  return markup`${knob}${word}${label({ x, y: 13, text: told, room: width - x, is: lost ? 'error' : 'dim' })}`;
}

const PAUSE_WORDS: Record<PicturePod['pause']['state'], string> = {
  runs: '',
  dead: 'is gone',
  ended: 'has ended',
  none: 'its runtime keeps none',
  unseen: 'was not seen',
};

function containerRow({ name, state, pid }: PictureContainer, width: number): Markup {
  const told = pid === null ? state : `${state} ${pid}`;
  const x = width - PAD - textWidth(told);
  const knob = markup`<circle cx="${KNOB}" cy="9" r="3.5" class="${pid === null ? 'line' : 'knob'}"/>`;
  const named = label({ x: TEXT, y: 13, text: name, room: x - TEXT - 8 });
  return markup`${knob}${named}${label({ x, y: 13, text: told, room: width - x, is: 'dim' })}`;
}

/** Containers in namespaces that are not their sandbox's. */
function apartRows(containers: readonly PictureContainer[], width: number, top: number): Drawn {
  let y = top;
  const rows = containers.map((container) => {
    const height = (container.differs.length + 1) * ROW + 4;
    const others = container.differs.map((differing, i) =>
      label({
        x: TEXT,
        y: (i + 1) * ROW + 13,
        text: nsLinkOf(differing),
        room: width - TEXT - PAD,
        is: 'error',
      }),
    );
    const drawn = markup`<g transform="translate(0 ${y})">${box({ x: 4, y: -1, width: width - 4, height, is: 'apart' })}${containerRow(container, width)}${others}</g>`;
    y += height + 6;
    return drawn;
  });
  return { height: containers.length === 0 ? 0 : y - top + 4, body: markup`${rows}` };
}

/** From the pause to the first that left. */
function torn(from: number, to: number): Markup {
  const x = 3;
  const path = line(
    [
      [KNOB - 4, from],
      [x, from],
      [x, to],
      [KNOB - 4, to],
    ],
    'line error',
  );
  return markup`${path}${cross(x, to - 14)}`;
}
