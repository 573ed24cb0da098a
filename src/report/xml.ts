import { escapeText } from './escape.ts';

/** An element with its attributes and what is in it; a string is text. */
export interface Element {
  name: string;
  attributes: Record<string, string | number>;
  children: readonly (Element | string)[];
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export function element(
  name: string,
  attributes: Element['attributes'],
  children: Element['children'] = [],
): Element {
  return { name, attributes, children };
}

/** A document of XML 1.0. What that cannot hold, and what moves a terminal, becomes visible. */
export function renderXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementLines(root, '').join('\n')}\n`;
}

function elementLines({ name, attributes, children }: Element, indent: string): string[] {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${attributeText(String(value))}"`);
  const open = `${indent}<${name}${pairs.join('')}`;
  if (children.length === 0) return [`${open}/>`];
  if (children.every((child) => typeof child === 'string'))
    return [`${open}>${children.map(bodyText).join('')}</${name}>`];
  const inner = children.flatMap((child) =>
    typeof child === 'string' ? [bodyText(child)] : elementLines(child, `${indent}  `),
  );
  return [`${open}>`, ...inner, `${indent}</${name}>`];
}

function attributeText(text: string): string {
  return encode(escapeText(text));
}

/** Lines stay lines; all other control characters do not. */
function bodyText(text: string): string {
  return text
    .split('\n')
    .map((line) => encode(escapeText(line)))
    .join('\n');
}

/** U+FFFE and U+FFFF are no characters of XML. */
function encode(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c).replace(/[\ufffe\uffff]/g, '\ufffd');
}
