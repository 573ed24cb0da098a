import type { NodePicture, PictureUplink } from '../../model/picture.ts';
import { type Markup, markup } from '../markup.ts';
import { type Link, markRows } from './marks.ts';
import { box, type Drawn, ROW } from './shapes.ts';
import { label, textWidth } from './text.ts';

const SHOWN = 6;
const GAP = 8;
const UPLINK = 26;

/** The node itself: its name, what was found about it as a whole, and the interfaces that lead out of it. */
export function drawHead(picture: NodePicture, width: number, link: Link): Drawn {
  const { node, about, marks, unseen } = picture;
  const found = markRows(marks, { width, shown: SHOWN, lines: 2, link });
  const holes = unseen.map((text, i) =>
    label({ x: 0, y: i * ROW + 13, text: text, room: width, is: 'words warning' }),
  );
  const leads = uplinks(picture.uplinks, width);
  const holesAt = 44;
  const foundAt = holesAt + holes.length * ROW;
  const leadsAt = foundAt + found.height + (found.height > 0 ? 8 : 0);
  return {
    height: leadsAt + leads.height,
    body: markup`${label({ x: 0, y: 16, text: node || 'unnamed node', room: width, is: 'big', size: 18 })}${label(
      {
        x: 0,
        y: 34,
        text: about.join(' · '),
        room: width,
        is: 'dim',
      },
    )}<g transform="translate(0 ${holesAt})">${holes}</g><g transform="translate(0 ${foundAt})">${
      found.body
    }</g><g transform="translate(0 ${leadsAt})">${leads.body}</g>`,
  };
}

function uplinks(links: readonly PictureUplink[], width: number): Drawn {
  let x = 0;
  let y = 0;
  const boxes: Markup[] = [];
  for (const uplink of links) {
    const texts = [
      uplink.name,
      ...uplink.addresses,
      uplink.up ? '' : 'down',
      uplink.leadsOut ? 'default route' : '',
    ];
    const text = texts.filter((part) => part !== '').join(' · ');
    const wide = Math.min(textWidth(text) + 20, width);
    if (x > 0 && x + wide > width) {
      x = 0;
      y += UPLINK + GAP;
    }
    const is = uplink.up ? 'box' : 'box lost';
    boxes.push(
      markup`<g transform="translate(${x} ${y})">${box({ x: 0.5, y: 0.5, width: wide - 1, height: UPLINK - 1, is })}${label({ x: 10, y: 17, text, room: wide - 18 })}</g>`,
    );
    x += wide + GAP;
  }
  return { height: links.length === 0 ? 0 : y + UPLINK + GAP, body: markup`${boxes}` };
}
