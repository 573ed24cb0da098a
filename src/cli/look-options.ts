import path from 'node:path';
import { type Args, one } from './args.ts';
import { parseDeadline, parseDuration } from './duration.ts';
import { endpointPath } from './endpoint.ts';
import type { KindOf } from './kind-of.ts';
import { UsageError } from './usage-error.ts';

/** Where to look and for how long. Times in milliseconds; null where nothing was said. */
export interface LookOptions {
  fromSnapshot: string | null;
  endpoint: string | null;
  root: string | null;
  timeoutMs: number;
  deadlineMs: number;
  minAgeMs: number | null;
  /** File that says which pause belongs to which release. */
  pauseVersions: string | null;
  verbosity: number;
}

const TIMEOUT_MS = 10_000;
const DEADLINE_MS = 15_000;

/** What every command that looks at the node takes. Throws a UsageError that names the first fault. */
export function lookOptions(args: Args, kindOf: KindOf): LookOptions {
  const fromSnapshot = one(args, 'from-snapshot') ?? null;
  if (fromSnapshot !== null) refuseLooking(args);
  return {
    fromSnapshot,
    endpoint: mapped(one(args, 'runtime-endpoint'), endpointPath),
    root: mapped(one(args, 'root'), (text) => rootFolder(text, kindOf)),
    timeoutMs: parseDeadline('--timeout', one(args, 'timeout') ?? String(TIMEOUT_MS / 1000)),
    deadlineMs: parseDeadline('--deadline', one(args, 'deadline') ?? String(DEADLINE_MS / 1000)),
    pauseVersions: one(args, 'pause-versions') ?? null,
    minAgeMs: mapped(one(args, 'min-age'), (text) => parseDuration('--min-age', text)),
    verbosity: Number(args.verbose ?? 0),
  };
}

function refuseLooking(args: Args): void {
  const senseless = ['runtime-endpoint', 'root', 'save-snapshot', 'pause-versions'].find(
    (name) => args[name] !== undefined,
  );
  if (senseless)
    throw new UsageError(
      `--${senseless} cannot go with --from-snapshot, which looks at no node`,
      `leave out one`,
    );
}

function rootFolder(text: string, kindOf: KindOf): string {
  if (kindOf(text) !== 'folder') throw new UsageError(`--root: there is no folder ${text}`);
  const root = path.resolve(text);
  return root === '/' ? '' : root;
}

function mapped<T>(text: string | undefined, map: (text: string) => T): T | null {
  return text === undefined ? null : map(text);
}
