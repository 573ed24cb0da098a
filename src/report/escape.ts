/**
 * Characters that may move a cursor, switch colours, turn the direction of a line or hide in it: C0 and C1
 * controls, DEL, soft hyphen, zero-width and bidirectional controls, line separators, tags and lone surrogates.
 */
const UNSAFE =
  /[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g;

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A string from the node as it may be shown in a terminal: what is unsafe becomes visible. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (c) => SHORT[c] ?? [...unitsOf(c)].map(visible).join(''));
}

/** The same inside a JSON or double-quoted YAML string, where `\uXXXX` reads back as the character itself. */
export function escapeEncoded(json: string): string {
  return json.replace(UNSAFE, (c) => (c === '\n' ? c : unitsOf(c).map(unicode).join('')));
}

/** True when the text holds anything that `escapeText` would change. */
export function isUnsafe(text: string): boolean {
  return text.search(UNSAFE) >= 0;
}

function unitsOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

function visible(unit: number): string {
  return unit < 0x100 ? `\\x${hex(unit, 2)}` : unicode(unit);
}

function unicode(unit: number): string {
  return `\\u${hex(unit, 4)}`;
}

function hex(unit: number, digits: number): string {
  return unit.toString(16).padStart(digits, '0');
}
