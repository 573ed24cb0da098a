import { Worker } from 'node:worker_threads';
import { assetPath } from '../host/asset.ts';

/** Results as one line of JSON each, or what jq says is wrong, in one line. */
export type JqAnswer = { lines: string[] } | { error: string };

/**
 * Evaluates a jq expression over a JSON text in a thread that is stopped at the deadline:
 * an endless expression must not freeze the run. Never throws for a fault of the expression.
 */
export async function evaluateJq(json: string, expression: string, timeoutMs: number): Promise<JqAnswer> {
  const worker = new Worker(assetPath('jq-worker.cjs'), {
    workerData: { json, expression },
    env: {},
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<JqAnswer>((resolve) => {
      worker.once('message', (answer: JqAnswer) => resolve(answer));
      worker.once('error', (error) => resolve({ error: String(error.message) }));
      worker.once('exit', () => resolve({ error: 'jq ended without an answer' }));
      timer = setTimeout(() => resolve({ error: `no answer within ${timeoutMs / 1000} s` }), timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
