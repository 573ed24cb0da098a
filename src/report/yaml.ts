import { escapeEncoded, isUnsafe } from './escape.ts';

/** The same data as JSON, as YAML. A string with unsafe characters is double-quoted, the only style that escapes. */
export async function renderYaml(value: unknown): Promise<string> {
  const { Document, visit } = await import('yaml');
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && isUnsafe(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeEncoded(document.toString({ lineWidth: 0 }));
}
