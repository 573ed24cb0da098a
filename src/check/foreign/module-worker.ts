import { parentPort, workerData } from 'node:worker_threads';
import { isObject } from '../../model/shape.ts';
import { allowFactsOnly } from './facts-only.ts';
import { lineOf } from './line-of.ts';
import type { ModuleAnswer, ModuleTask } from './module.ts';

const MOST = 1024 * 1024;

const { source, task } = workerData as { source: string; task: ModuleTask };

/** Says what a module holds, or what one check of it finds, as JSON: no value of it leaves the thread. */
async function answer(): Promise<ModuleAnswer> {
  try {
    // What was read is what runs, whatever becomes of the file.
    const url = `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`;
    const { default: given } = (await import(url)) as { default?: unknown };
    const checks: unknown[] = Array.isArray(given) ? given : [given];
    const json = task.is === 'list' ? listed(given, checks) : await found(checks[task.at], task);
    if (json.length > MOST) return { error: `it gave more than ${MOST / 1024} KiB` };
    return { json };
  } catch (error) {
    return { error: said(error) };
  }
}

function listed(given: unknown, checks: readonly unknown[]): string {
  if (given === undefined) return '[]';
  return JSON.stringify(checks.map((check) => (isObject(check) ? { ...check, run: runs(check) } : check)));
}

function runs({ run }: Record<string, unknown>): boolean {
  return typeof run === 'function';
}

async function found(check: unknown, { facts, settings }: ModuleTask & { is: 'run' }): Promise<string> {
  const { run } = check as { run(facts: unknown, settings: unknown): unknown };
  const result = await run.call(check, frozen(facts), frozen(settings));
  return JSON.stringify(result) ?? 'null';
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const line = lineOf(error, source);
  return `${error.name}: ${error.message}${line === null ? '' : ` (line ${line})`}`;
}

allowFactsOnly();
answer().then((it) => parentPort?.postMessage(it));
