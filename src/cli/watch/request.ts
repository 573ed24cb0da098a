import { type Args, one, oneOf } from '../args.ts';
import type { Ruling } from '../config/ruling.ts';
import { parseDeadline } from '../duration.ts';
import type { KindOf } from '../kind-of.ts';
import { type DoctorRequest, doctorRequest, OF_CURES } from '../request.ts';
import { UsageError } from '../usage-error.ts';

export const WATCH_FORMATS = ['table', 'wide', 'ndjson'] as const;
export type WatchFormat = (typeof WATCH_FORMATS)[number];

/** What `podctl doctor --watch` was asked to do. */
export interface WatchRequest {
  look: DoctorRequest;
  format: WatchFormat;
  intervalMs: number;
}

const INTERVAL = '30s';
/** What one look is for, and many are not. */
const SENSELESS = [
  'active',
  'from-snapshot',
  'save-snapshot',
  'save-baseline',
  'jq',
  'fail-on',
  'require',
  'fix',
  ...OF_CURES,
];

/** Throws a UsageError that names the first fault. */
export function watchRequest(
  args: Args,
  env: Record<string, string | undefined>,
  ruling: Ruling,
  kindOf: KindOf,
): WatchRequest {
  const odd = SENSELESS.find((name) => args[name] !== undefined);
  if (odd) throw new UsageError(`--${odd} cannot go with --watch, which looks for ever`, 'leave out one');
  const { output, ...others } = args;
  return {
    look: doctorRequest(others, env, ruling, kindOf),
    format:
      output === undefined ? 'table' : oneOf('-o with --watch', WATCH_FORMATS, one(args, 'output') ?? ''),
    intervalMs: parseDeadline('--interval', one(args, 'interval') ?? INTERVAL),
  };
}
