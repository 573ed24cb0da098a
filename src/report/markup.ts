import { escapeText } from './escape.ts';

const BODY: unique symbol = Symbol('markup');

/** Text of HTML or SVG. Only `markup` and `verbatim` make it: what comes from a node never looks like it. */
export interface Markup {
  readonly [BODY]: string;
}

export type Piece = Markup | string | number | readonly Piece[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Every value is escaped, as text or as what stands between the quotes of an attribute; Markup and lists of it are not. */
export function markup(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return verbatim(strings.map((text, i) => text + rendered(pieces[i] ?? '')).join(''));
}

/** Words of our own. */
export function verbatim(text: string): Markup {
  return { [BODY]: text };
}

export function markupText(one: Markup): string {
  return one[BODY];
}

/** A text as it reads in HTML and XML: what those cannot hold, and what is unsafe to show, becomes visible. */
export function plainText(text: string): string {
  return escapeText(text).replace(/[\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

function rendered(piece: Piece): string {
  if (typeof piece === 'number') return String(piece);
  if (typeof piece === 'string') return plainText(piece).replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
  return BODY in piece ? piece[BODY] : piece.map(rendered).join('');
}
