import { describe, test } from 'vitest';
import { type Input, inputs, type Kind } from './inputs.ts';

/** A function that reads what a node, a server or a user gave. */
export interface Parser {
  /** Sources that it stands for, below src/: the one that it is in, and those that it reads by. */
  files: readonly string[];
  name: string;
  kind: Kind;
  /** Whole inputs, as real nodes have them. */
  samples: readonly (string | Buffer)[];
  /** Reads it, and throws when what it gives cannot be. */
  parse(text: string, bytes: Buffer): unknown;
  /** True of the errors by which it says that an input is damaged. Default: it throws none. */
  refuses?(error: unknown): boolean;
  /** Larger inputs never get to it. Default: no limit. */
  maxBytes?: number;
  /** Default: 2500. */
  count?: number;
}

const COUNT = 2500;
const SHOWN = 300;

export const countOf = ({ count = COUNT }: Parser) => count;

/** One test for each: no damaged input makes it fail in another way than by the errors that are its answer. */
export function fuzzAll(family: string, parsers: readonly Parser[]): void {
  describe(family, () => {
    test.each(parsers.map((parser) => [parser.name, parser] as const))(
      '%s',
      (_, parser) => fuzz(parser),
      120_000,
    );
  });
}

async function fuzz(parser: Parser): Promise<void> {
  const { kind, samples, maxBytes = Number.POSITIVE_INFINITY } = parser;
  for (const sample of samples)
    await run(parser, { how: 'a sample as it is', bytes: Buffer.from(sample) }, false);
  // The same seed for all: a failure names what to do again.
  for (const input of inputs({ kind, samples, count: countOf(parser), seed: 1, maxBytes }))
    await run(parser, input, true);
}

async function run(parser: Parser, { how, bytes }: Input, mayRefuse: boolean): Promise<void> {
  try {
    await parser.parse(bytes.toString('utf8'), bytes);
  } catch (error) {
    if (mayRefuse && parser.refuses?.(error)) return;
    const shown = JSON.stringify(bytes.subarray(0, SHOWN).toString('latin1'));
    const message = `${parser.name}, ${how} (${bytes.length} bytes: ${shown}): ${error}`;
    throw new Error(message, { cause: error });
  }
}
