import type { Severity } from '../model/check.ts';

export type Style = 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Puts a text into a style, or leaves it when colours are off. */
export type Paint = (style: Style, text: string) => string;

const CODES: Record<Style, [number, number]> = {
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export const SEVERITY_STYLE: Record<Severity, Style> = { error: 'red', warning: 'yellow', info: 'cyan' };

export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? `\x1b[${CODES[style][0]}m${text}\x1b[${CODES[style][1]}m` : text);
}
