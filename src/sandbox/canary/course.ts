import { monotonicMs } from '../../host/process.ts';
import type { CanaryStep } from '../../model/canary-facts.ts';

/** A canary's way through its steps. */
export interface Course {
  steps: CanaryStep[];
  /** Aborts when it was interrupted, or its time is over: no other step is begun. */
  signal: AbortSignal;
}

/** Thrown when what comes next makes no sense any more. Why is among the steps, unless it was interrupted. */
export class Halted extends Error {}

/** What cannot be told here, and why. */
export interface Unjudged {
  unjudged: string;
}

interface Named {
  name: string;
  part: CanaryStep['part'];
}

/** Does what all that follows hangs on. `note` of the result tells what was seen. Throws Halted. */
export async function must<T extends { note: string }>(
  course: Course,
  named: Named,
  work: () => Promise<T>,
): Promise<T> {
  goesOn(course);
  const begun = monotonicMs();
  try {
    const value = await work();
    course.steps.push({ ...named, status: 'done', ms: since(begun), note: value.note });
    return value;
  } catch (error) {
    goesOn(course);
    course.steps.push({ ...named, status: 'failed', ms: since(begun), note: textOf(error) });
    throw new Halted(named.name);
  }
}

/** Looks at something that nothing else hangs on. What it throws is what is wrong. Throws Halted when interrupted. */
export async function look(
  course: Course,
  named: Named,
  work: () => Promise<string | Unjudged>,
): Promise<void> {
  goesOn(course);
  const begun = monotonicMs();
  const ended = (status: CanaryStep['status'], note: string) =>
    course.steps.push({ ...named, status, ms: since(begun), note });
  try {
    const seen = await work();
    if (typeof seen === 'string') ended('done', seen);
    else ended('unjudged', seen.unjudged);
  } catch (error) {
    goesOn(course);
    ended('failed', textOf(error));
  }
}

/** Notes what ended it early, where that is no step of it: what was made is to be taken away all the same. */
export function noteEnd({ steps }: Course, error: unknown): void {
  if (error instanceof Halted) return;
  steps.push({ name: 'canary', part: 'sandbox', status: 'failed', ms: 0, note: textOf(error) });
}

/** Those of `all` that have no step yet, as not reached. */
export function notReached(steps: readonly CanaryStep[], all: readonly Named[]): CanaryStep[] {
  const known = new Set(steps.map(({ name }) => name));
  return all
    .filter(({ name }) => !known.has(name))
    .map((named) => ({ ...named, status: 'not-reached', ms: 0, note: '' }));
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function since(begun: number): number {
  return Math.round((monotonicMs() - begun) * 10) / 10;
}

function goesOn({ signal }: Course): void {
  if (signal.aborted) throw new Halted('interrupted');
}
