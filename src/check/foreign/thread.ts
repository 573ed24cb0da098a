import { Worker } from 'node:worker_threads';
import { assetPath } from '../../host/asset.ts';
import { taking } from './turns.ts';

/** What a thread said, or why it said nothing. */
export type Said = { said: unknown } | { error: string };

const MEMORY_MB = 256;
/** A thread that the machine is too busy to start is waited for so long. */
const START_MS = 10_000;
/** One that is in a system call does not end before that does. */
const END_MS = 500;

/**
 * Runs a script in a thread of its own, and gives the first thing that it says. The thread has no environment, no
 * output and so much memory, and is stopped at the deadline, which counts from when it runs. Never throws.
 */
export function inThread(script: string, data: unknown, timeoutMs: number): Promise<Said> {
  return taking('thread', () => talkTo(script, data, timeoutMs));
}

async function talkTo(script: string, data: unknown, timeoutMs: number): Promise<Said> {
  const worker = new Worker(assetPath(script), {
    workerData: data,
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 32 },
  });
  let timer: NodeJS.Timeout | undefined;
  const wait = (ms: number, late: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(late, ms);
  };
  try {
    return await new Promise<Said>((resolve) => {
      worker.once('message', (said: unknown) => resolve({ said }));
      worker.once('messageerror', () => resolve({ error: 'it gave what cannot be handed on' }));
      worker.once('error', (error) => resolve({ error: describe(error) }));
      worker.once('exit', () => resolve({ error: 'it ended without an answer' }));
      wait(START_MS, () => resolve({ error: 'its thread did not start' }));
      worker.once('online', () =>
        wait(timeoutMs, () => resolve({ error: `no answer within ${timeoutMs / 1000} s` })),
      );
    });
  } finally {
    clearTimeout(timer);
    await ended(worker);
  }
}

async function ended(worker: Worker): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, END_MS);
  });
  await Promise.race([worker.terminate(), late]);
  clearTimeout(timer);
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return `it wanted more than ${MEMORY_MB} MiB of memory`;
  return error instanceof Error ? error.message : String(error);
}
