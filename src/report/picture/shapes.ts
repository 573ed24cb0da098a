import type { Severity } from '../../model/check.ts';
import type { Mark } from '../../model/picture.ts';
import { SEVERITIES, severityRank } from '../../model/severity.ts';
import { type Markup, markup } from '../markup.ts';

/** A part of the picture, drawn at 0,0. */
export interface Drawn {
  height: number;
  body: Markup;
}

export const ROW = 18;

/** How bad the worst of some marks is; '' where there is none. */
export function worst(marks: readonly Mark[]): Severity | '' {
  return SEVERITIES.find((severity) => marks.some((mark) => mark.severity === severity)) ?? '';
}

/** The worse, the less. */
export function rank(marks: readonly Mark[]): number {
  const severity = worst(marks);
  return severity === '' ? SEVERITIES.length : severityRank(severity);
}

/** The worst first; among these in the order of the report. */
export function worstFirst(marks: readonly Mark[]): Mark[] {
  return marks.toSorted((a, b) => rank([a]) - rank([b]));
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  is: string;
}

export function box({ x, y, width, height, is }: Box): Markup {
  return markup`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5" class="${is}"/>`;
}

export function line(points: readonly (readonly [number, number])[], is: string): Markup {
  return markup`<path d="${points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('')}" class="${is}"/>`;
}

/** Where a line ends because something is broken. */
export function cross(x: number, y: number): Markup {
  const d = `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}`;
  return markup`<path d="${d}" class="cross"/>`;
}

/** A sign that differs in form as well as in colour; `x`, `y`: its middle. */
export function icon(severity: Severity, x: number, y: number): Markup {
  const at = `translate(${x} ${y})`;
  switch (severity) {
    case 'error':
      return markup`<g transform="${at}"><circle r="6" class="icon-error"/><path d="M-2.2 -2.2L2.2 2.2M-2.2 2.2L2.2 -2.2" class="glyph"/></g>`;
    case 'warning':
      return markup`<g transform="${at}"><path d="M0 -6.5L6.8 5.5H-6.8Z" class="icon-warning"/><path d="M0 -2V1.2M0 3.4V3.5" class="glyph"/></g>`;
    case 'info':
      return markup`<g transform="${at}"><rect x="-6" y="-6" width="12" height="12" rx="2" class="icon-info"/><path d="M0 -0.6V3M0 -3.1V-3" class="glyph"/></g>`;
  }
}
