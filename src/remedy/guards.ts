import fs from 'node:fs';
import { isRunning } from '../host/process.ts';
import type { Guard } from '../model/plan.ts';
import type { RemedyContext } from './context.ts';

/** What guards read the node with. */
export type GuardContext = Pick<RemedyContext, 'records' | 'session'> & { signal: AbortSignal };

/** Why an action must not be carried out now; null when its guard holds. Read at the moment of asking. */
export async function refusalOf(guard: Guard, { records }: GuardContext): Promise<string | null> {
  switch (guard.kind) {
    case 'process-is':
      return isRunning(guard.process) ? null : `process ${guard.process.pid} is gone, or another one by now`;
    case 'process-gone':
      return isRunning(guard.process) ? `process ${guard.process.pid} runs` : null;
    case 'namespace-is': {
      const now = namespaceAt(guard.path);
      return now === guard.ns ? null : `${guard.path} is ${now ?? 'no namespace'}, and was ${guard.ns}`;
    }
    case 'record-is': {
      const now = records.read(guard.id)?.revision;
      if (now === guard.revision) return null;
      return now === undefined ? 'its record is gone' : 'its record was changed in the meantime: look again';
    }
    default:
      return `${guard.kind} is not built yet`;
  }
}

function namespaceAt(path: string): string | null {
  try {
    const stat = fs.statSync(path);
    return `${stat.dev}:${stat.ino}`;
  } catch {
    return null;
  }
}
