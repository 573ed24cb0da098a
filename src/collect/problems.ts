import { type Problem, problem } from '../model/outcome.ts';

const SHOWN = 20;

/** The first problems one by one and the number of the others: a thousand alike tell nobody more. */
export function summarize(problems: readonly Problem[]): Problem[] {
  const shown = problems.slice(0, SHOWN);
  const first = problems[SHOWN];
  if (first === undefined) return shown;
  const more = problems.length - SHOWN;
  return [...shown, problem(first.code, `${more} more like: ${first.message}`)];
}
