import type { PicturePod } from '../../model/picture.ts';
import { type Markup, markup } from '../markup.ts';
import { type Link, linked } from './marks.ts';
import { box, type Drawn, icon, worst } from './shapes.ts';
import { label, textWidth } from './text.ts';
import { count } from './words.ts';

const PAD = 10;
const TILE = 20;
/** Beyond these a picture is none any more. */
const SHOWN = 300;

/** Pods that need no picture of their own, a line each. */
export function tiles(
  pods: readonly PicturePod[],
  columns: number,
  width: number,
  beside: number,
  link: Link,
): Drawn {
  const shown = pods.slice(0, SHOWN);
  const column = Math.floor((width - 2 * PAD) / columns);
  const rows = Math.ceil(shown.length / columns);
  const head = markup`${label({ x: PAD, y: 19, text: heading(pods.length, beside), room: width, is: 'words dim' })}`;
  const drawn = shown.map((pod, i) => {
    const x = PAD + Math.floor(i / rows) * column;
    const y = 26 + (i % rows) * TILE;
    return markup`
<svg x="${x}" y="${y}" width="${column - 8}" height="${TILE}">${tile(pod, column - 8, link)}</svg>`;
  });
  const more = pods.length - shown.length;
  const height = 26 + rows * TILE + (more > 0 ? TILE : 0) + 8;
  const rest =
    more > 0
      ? [
          label({
            x: PAD,
            y: height - 14,
            text: `and ${count(more, 'more pod')}`,
            room: width,
            is: 'words dim',
          }),
        ]
      : [];
  return {
    height,
    body: markup`${box({ x: 0.5, y: 0.5, width: width - 1, height: height - 1, is: 'box' })}${head}${drawn}${rest}`,
  };
}

function heading(pods: number, beside: number): string {
  return beside > 0 ? count(pods, 'more pod') : count(pods, 'pod');
}

function tile(pod: PicturePod, width: number, link: Link): Markup {
  const marks = [...pod.marks, ...(pod.cable?.marks ?? []), ...pod.containers.flatMap((c) => c.marks)];
  const severity = worst(marks);
  const told = pod.state === 'ready' ? (pod.addresses?.[0]?.replace(/\/\d+$/, '') ?? '') : pod.state;
  const room = Math.min(textWidth(told), Math.floor(width / 2));
  const x = width - room;
  const sign =
    severity === ''
      ? markup`<circle cx="7" cy="9" r="3.5" class="${pod.state === 'ready' ? 'knob' : 'line'}"/>`
      : icon(severity, 7, 9);
  const body = markup`${sign}${label({ x: 18, y: 13, text: pod.title, room: x - 26 })}${told === '' ? [] : label({ x, y: 13, text: told, room: room + 1, is: 'dim' })}`;
  return linked(body, link(marks.find((mark) => mark.severity === severity)?.fingerprint ?? ''));
}
