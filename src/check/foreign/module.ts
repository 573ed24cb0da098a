import type { Settings } from '../../model/check.ts';
import { isObject } from '../../model/shape.ts';
import { inThread } from './thread.ts';

/** What a module is asked: which checks it holds, or what the one at a place of its list finds. */
export type ModuleTask =
  | { is: 'list' }
  | { is: 'run'; at: number; facts: Record<string, unknown>; settings: Settings };

export type ModuleAnswer = { json: string } | { error: string };

const SCRIPT = 'module-worker.cjs';
const SHOWN = 300;

/**
 * Runs the text of a module in a thread and gives what it answers. Throws an Error that says why there is no answer:
 * it threw, it did not end in time, it wanted too much memory, or said too much.
 */
export async function askModule(source: string, task: ModuleTask, timeoutMs: number): Promise<unknown> {
  const answer = await inThread(SCRIPT, { source, task }, timeoutMs);
  if ('error' in answer) throw new Error(answer.error.slice(0, SHOWN));
  const { said } = answer;
  if (!isObject(said)) throw new Error('it gave no answer');
  if (typeof said.json !== 'string') throw new Error(String(said.error).slice(0, SHOWN));
  return JSON.parse(said.json);
}
