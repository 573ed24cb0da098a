import { escapeEncoded } from './escape.ts';

/** A value as one line of JSON with nothing in it that moves a terminal. */
export function renderLine(value: unknown): string {
  return `${escapeEncoded(JSON.stringify(value))}\n`;
}
