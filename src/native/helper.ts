import type { ReportResult } from '../host/run-report.ts';
import { isObject, type Shape } from '../model/shape.ts';
import { nativeProgram } from './locate.ts';
import { failure, type Native, nativeProblem } from './problem.ts';

/** One line that podctl-ns reported. */
export type Line = Record<string, unknown>;

export interface HelperOptions {
  /** Default 10 s. Null: no deadline. */
  timeoutMs?: number | null;
  signal?: AbortSignal;
  env?: Record<string, string>;
  attached?: boolean;
  onLine?: (line: Line) => void;
  started?: (kill: (signal: NodeJS.Signals) => void) => void;
}

const TIMEOUT_MS = 10_000;

/**
 * Runs a verb of podctl-ns. Gives its report lines before the last, `{"done":true}`; without that one,
 * whatever else it said, the verb failed.
 */
export async function callHelper(
  verb: string,
  args: string[],
  options: HelperOptions = {},
): Promise<Native<Line[]>> {
  const program = nativeProgram('podctl-ns');
  if (!program.ok) return program;
  const { runReporting } = await import('../host/run-report.ts');
  const { timeoutMs = TIMEOUT_MS, onLine, ...rest } = options;
  const result = await runReporting(program.value, [verb, ...args], {
    timeoutMs,
    ...rest,
    ...(onLine
      ? {
          onLine: (text: string) => {
            const line = parseLine(text);
            if (line) onLine(line);
          },
        }
      : {}),
  });
  return linesOf(verb, result);
}

function linesOf(verb: string, result: ReportResult): Native<Line[]> {
  const lines = linesIn(result.report);
  const error = errorIn(lines);
  if (error) {
    return {
      ok: false,
      problem: nativeProblem(String(error.code), String(error.message), Number(error.errno)),
    };
  }
  if (lines.at(-1)?.done === true) return { ok: true, value: lines.slice(0, -1) };
  if (result.startError !== null)
    return failure('failed', `podctl-ns cannot be started: ${result.startError}`);
  if (result.timedOut) return failure('timeout', `podctl-ns ${verb} did not end in time and was killed`);
  const said = result.stderr.trim().split('\n').at(-1) ?? '';
  return failure('failed', `podctl-ns ${verb} ended without a result${said === '' ? '' : `: ${said}`}`);
}

/** The lines of a report; what is no object is none. */
export function linesIn(report: string): Line[] {
  return report
    .split('\n')
    .map(parseLine)
    .filter((line) => line !== null);
}

/** What podctl-ns says went wrong; undefined where it says nothing of the kind. */
export function errorIn(lines: readonly Line[]): Record<string, unknown> | undefined {
  return lines.map((line) => line.error).find(isObject);
}

function parseLine(text: string): Line | null {
  try {
    const line: unknown = JSON.parse(text);
    return isObject(line) ? line : null;
  } catch {
    return null;
  }
}

/** The lines that have `key`, each checked against a shape. A line of another form is a failure. */
export function linesWith<T>(key: string, shape: Shape<T>, lines: readonly Line[]): Native<T[]> {
  const chosen = lines.filter((line) => Object.hasOwn(line, key));
  for (const line of chosen) {
    const fault = shape.fault(line, key);
    if (fault !== null) return failure('failed', `podctl-ns reported something odd: ${fault}`);
  }
  return { ok: true, value: chosen as T[] };
}

/** The one line that has `key`. */
export function lineWith<T>(key: string, shape: Shape<T>, lines: readonly Line[]): Native<T> {
  const found = linesWith(key, shape, lines);
  if (!found.ok) return found;
  const [line] = found.value;
  return line === undefined ? failure('failed', `podctl-ns reported no ${key}`) : { ok: true, value: line };
}
