/** Why something could not be seen. Never a fault of the node by itself. */
export type ProblemCode =
  | 'timeout'
  | 'denied'
  | 'missing'
  | 'malformed'
  | 'truncated'
  | 'unavailable'
  | 'crashed';

/** One thing that could not be seen. `subject` names the member it concerns (a path, a pid), if any. */
export interface Problem {
  code: ProblemCode;
  message: string;
  subject?: string;
}

/** What a collector hands back; the engine adds the time it took. */
export type Gathered<T> =
  | { status: 'complete'; value: T; problems?: Problem[] }
  | { status: 'partial'; value: T; problems: Problem[] }
  | { status: 'absent'; reason: string }
  | { status: 'failed'; problem: Problem };

/**
 * A fact as the run knows it.
 * `complete`: every member is there (a field that could not be read is null, with a problem beside it).
 * `partial`: members may be missing. `absent`: the node has no such thing. `failed`: could not look.
 */
export type Outcome<T> = Gathered<T> & { ms: number };

/** All members were seen. */
export function complete<T>(value: T, problems: Problem[] = []): Gathered<T> {
  return problems.length === 0 ? { status: 'complete', value } : { status: 'complete', value, problems };
}

/** Members may be missing; the problems say which and why. */
export function partial<T>(value: T, problems: Problem[]): Gathered<T> {
  return { status: 'partial', value, problems };
}

/** The node has no such thing, and that was seen. */
export function absent(reason: string): { status: 'absent'; reason: string } {
  return { status: 'absent', reason };
}

/** Could not look at all. */
export function failed(
  code: ProblemCode,
  message: string,
  subject?: string,
): { status: 'failed'; problem: Problem } {
  return { status: 'failed', problem: problem(code, message, subject) };
}

/** A problem without the key `subject` when there is none. */
export function problem(code: ProblemCode, message: string, subject?: string): Problem {
  return subject === undefined ? { code, message } : { code, message, subject };
}

/** The value of a complete fact, else undefined: for `wants` facts that only sharpen a verdict. */
export function completeValue<T>(outcome: Outcome<T>): T | undefined {
  return outcome.status === 'complete' ? outcome.value : undefined;
}

/** What was seen of a fact, all of it or a part; undefined when nothing was. */
export function knownValue<T>(outcome: Outcome<T> | undefined): T | undefined {
  return outcome && 'value' in outcome ? outcome.value : undefined;
}

/** Why a fact called `name` is not whole; '' for one that is, or of which the node has none. */
export function holeOf(name: string, outcome: Outcome<unknown> | undefined): string {
  if (outcome === undefined) return `${name} was not looked at`;
  if (outcome.status === 'failed') return outcome.problem.message;
  if (outcome.status === 'partial') return outcome.problems[0]?.message ?? `a part of ${name} is missing`;
  return '';
}
