import { FACT_NAMES } from '../../model/fact-shapes.ts';
import type { FactName } from '../../model/facts.ts';
import { type Args, one, oneOf } from '../args.ts';
import { COLOUR_MODES, type ColourMode } from '../colour.ts';
import type { KindOf } from '../kind-of.ts';
import { type LookOptions, lookOptions } from '../look-options.ts';
import { nearNames } from '../near.ts';
import { UsageError } from '../usage-error.ts';

export const FACTS_FORMATS = ['table', 'json', 'yaml'] as const;

/** What `podctl facts` was asked for. */
export interface FactsRequest extends LookOptions {
  /** Of the example node, and not of this one. */
  example: boolean;
  /** Null: all of them. */
  name: FactName | null;
  output: (typeof FACTS_FORMATS)[number];
  jq: string | null;
  colour: ColourMode;
}

/** Throws a UsageError that names the first fault. */
export function factsRequest(args: Args, kindOf: KindOf): FactsRequest {
  const name = factNamed(args);
  const jq = one(args, 'jq') ?? null;
  const output = one(args, 'output');
  if (jq !== null && output !== undefined && output !== 'json')
    throw new UsageError('--jq: gives lines of JSON', `leave out -o ${output}`);
  if (args.example === true && args['from-snapshot'] !== undefined)
    throw new UsageError('--example is a node of its own', 'leave out --from-snapshot');
  return {
    ...lookOptions(args, kindOf),
    example: args.example === true,
    name,
    output: oneOf('-o', FACTS_FORMATS, output ?? (name === null ? 'table' : 'json')),
    jq,
    colour: oneOf('--color', COLOUR_MODES, one(args, 'color') ?? 'auto'),
  };
}

/** The fact that was named; null where none was. Throws a UsageError for a name that is none. */
export function factNamed(args: Args): FactName | null {
  const text = one(args, 'name');
  if (text === undefined) return null;
  const name = FACT_NAMES.find((known) => known === text);
  if (name) return name;
  const near = nearNames(text, FACT_NAMES);
  throw new UsageError(
    `no fact is called "${text}"`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'podctl facts lists all facts',
  );
}
