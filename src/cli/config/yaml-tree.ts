import type { ParsedNode } from 'yaml';

/** A value as a file says it, with the line (from 1) where it begins. */
export type Said = { line: number } & (
  | { is: 'scalar'; value: string | number | boolean | null }
  | { is: 'list'; items: Said[] }
  | { is: 'map'; entries: Entry[] }
);

export interface Entry {
  key: string;
  /** Of the key. */
  line: number;
  value: Said;
}

/** What is wrong with a file, and in which line (from 1). */
export interface Fault {
  line: number;
  message: string;
}

/** Thrown within this file alone. */
class Refused extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const DEEPEST = 20;
const NOT_YAML = 'it is not valid YAML: ';

/**
 * What YAML (or JSON) text says, without aliases, tags and keys that come twice, any of which may hide what is said.
 * Null: it says nothing.
 */
export async function parseTree(text: string): Promise<{ said: Said | null } | { faults: Fault[] }> {
  const { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);

  const read = (node: ParsedNode | null, offset: number, depth: number): Said => {
    const at = node?.range[0] ?? offset;
    const line = lineAt(at);
    if (depth > DEEPEST) throw new Refused('it is nested too deeply', at);
    if (node === null) return { line, is: 'scalar', value: null };
    if (isAlias(node)) throw new Refused('an alias (*) is not used here: write it out', at);
    if (isSeq(node)) return { line, is: 'list', items: node.items.map((item) => read(item, at, depth + 1)) };
    if (isMap(node)) {
      const entries = node.items.map(({ key, value }) => {
        if (!isScalar(key)) throw new Refused('a key is a word', key.range[0]);
        const from = key.range[0];
        return { key: String(key.value), line: lineAt(from), value: read(value, from, depth + 1) };
      });
      return { line, is: 'map', entries };
    }
    return { line, is: 'scalar', value: plain(node.value, at) };
  };

  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'error', prettyErrors: false });
    const wrong = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
      line: lineAt(pos[0]),
      message: worded(message),
    }));
    if (wrong.length > 0) return { faults: withoutConsequences(wrong) };
    return { said: document.contents === null ? null : read(document.contents, 0, 0) };
  } catch (error) {
    if (error instanceof Refused) return { faults: [{ line: lineAt(error.offset), message: error.message }] };
    if (error instanceof RangeError) return { faults: [{ line: 1, message: 'it is nested too deeply' }] };
    throw error;
  }
}

function plain(value: unknown, at: number): string | number | boolean | null {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new Refused('it is no text, number, true or false', at);
}

/** The first sentence, without a quotation of the file. */
function worded(message: string): string {
  const [first = ''] = message.split('\n');
  if (first.startsWith('Map keys must be unique')) return 'this key comes twice';
  return `${NOT_YAML}${first.slice(0, 200)}`;
}

/** What comes after the first place that is no YAML may be nothing but its consequence. */
function withoutConsequences(faults: readonly Fault[]): Fault[] {
  const [first] = faults.filter(({ message }) => message.startsWith(NOT_YAML));
  return faults.filter((fault) => fault === first || !fault.message.startsWith(NOT_YAML));
}
