import type { ReportResult } from '../host/run-report.ts';
import { errorIn, linesIn } from './helper.ts';
import { nativeProgram } from './locate.ts';
import type { Native } from './problem.ts';

export interface GuardOptions {
  timeoutMs: number;
  signal?: AbortSignal;
  /** Bytes of each output that may come. */
  maxOutput: number;
  /** The whole environment. */
  env: Record<string, string>;
  cwd: string;
  /** What it reads from stdin; '': nothing. */
  input: string;
}

/** How a program that somebody else wrote ended. */
export interface Guarded extends Pick<ReportResult, 'stdout' | 'stderr' | 'timedOut' | 'overflowed'> {
  /** Null when it was killed or did not start. */
  exitCode: number | null;
  /** Number of the signal that ended it; 0 for none. */
  signal: number;
  /** Why it could not be started; null when it was. */
  startError: string | null;
}

/**
 * Runs a program, and takes care that nothing that it started is left: neither what it leaves behind when it ends,
 * nor, at the deadline or when it says too much, what left its process group and its session.
 */
export async function runGuarded(
  [file = '', ...args]: readonly string[],
  { input, ...options }: GuardOptions,
): Promise<Native<Guarded>> {
  const helper = nativeProgram('podctl-ns');
  if (!helper.ok) return helper;
  const { runReporting } = await import('../host/run-report.ts');
  const result = await runReporting(helper.value, ['guard', '--', file, ...args], {
    ...options,
    ...(input === '' ? {} : { input }),
    endsOthers: true,
  });
  const lines = linesIn(result.report);
  const ended = lines.find((line) => typeof line.signal === 'number');
  const error = errorIn(lines);
  const { stdout, stderr, timedOut, overflowed, startError } = result;
  return {
    ok: true,
    value: {
      stdout,
      stderr,
      timedOut,
      ...(overflowed && { overflowed }),
      exitCode: ended && ended.signal === 0 ? Number(ended.exitCode) : null,
      signal: Number(ended?.signal ?? 0),
      startError: startError ?? (error && !timedOut && !overflowed ? String(error.message) : null),
    },
  };
}
