import { inThread } from './foreign/thread.ts';

/** Results as one line of JSON each, or what jq says is wrong, in one line. */
export type JqAnswer = { lines: string[] } | { error: string };

/**
 * Evaluates a jq expression over a JSON text in a thread that is stopped at the deadline:
 * an endless expression must not freeze the run. Never throws for a fault of the expression.
 */
export async function evaluateJq(json: string, expression: string, timeoutMs: number): Promise<JqAnswer> {
  const answer = await inThread('jq-worker.cjs', { json, expression }, timeoutMs);
  return 'error' in answer ? answer : (answer.said as JqAnswer);
}
