import { type Args, one, oneOf } from '../args.ts';
import { COLOUR_MODES, type ColourMode } from '../colour.ts';
import type { KindOf } from '../kind-of.ts';
import { type LookOptions, lookOptions } from '../look-options.ts';
import { UsageError } from '../usage-error.ts';

export const INSIDE_FORMATS = ['table', 'wide', 'json', 'yaml'] as const;
/** Pods can be drawn as well. */
export const TREE_FORMATS = [...INSIDE_FORMATS, 'svg'] as const;

/** What every command that looks inside was asked for. */
export interface InsideRequest extends LookOptions {
  output: (typeof TREE_FORMATS)[number];
  jq: string | null;
  colour: ColourMode;
  /** Full ids, and nothing cut. */
  full: boolean;
}

/** Throws a UsageError that names the first fault. */
export function insideRequest(
  args: Args,
  kindOf: KindOf,
  formats: readonly InsideRequest['output'][] = INSIDE_FORMATS,
): InsideRequest {
  const jq = one(args, 'jq') ?? null;
  const output = one(args, 'output');
  if (jq !== null && output !== undefined && output !== 'json')
    throw new UsageError('--jq: gives lines of JSON', `leave out -o ${output}`);
  return {
    ...lookOptions(args, kindOf),
    output: oneOf('-o', formats, output ?? 'table'),
    jq,
    colour: oneOf('--color', COLOUR_MODES, one(args, 'color') ?? 'auto'),
    full: args['no-trunc'] === true,
  };
}
