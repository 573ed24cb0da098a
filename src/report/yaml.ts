import { escapeEncoded, escapeText, isUnsafe } from './escape.ts';

/** The same data as JSON, as YAML. A string with unsafe characters is double-quoted, the only style that escapes. */
export function renderYaml(value: unknown): Promise<string> {
  return yamlWithNotes(value, []);
}

/** The same, with a comment behind some values. */
export async function yamlWithNotes(
  value: unknown,
  notes: readonly { path: readonly (string | number)[]; note: string }[],
): Promise<string> {
  const { Document, isNode, visit } = await import('yaml');
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && isUnsafe(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  for (const { path, note } of notes) {
    const node = document.getIn(path, true);
    if (isNode(node)) node.comment = ` ${escapeText(note)}`;
  }
  return escapeEncoded(document.toString({ lineWidth: 0 }));
}
