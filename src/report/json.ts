import { escapeEncoded } from './escape.ts';

/** JSON for people and programs: two spaces, a newline at the end, nothing in it that moves a terminal. */
export function renderJson(value: unknown): string {
  return `${escapeEncoded(JSON.stringify(value, null, 2))}\n`;
}
