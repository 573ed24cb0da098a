import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { identityOf } from '../../src/host/process.ts';
import type { Guard, ProcessIdentity } from '../../src/model/plan.ts';
import { refusalOf } from '../../src/remedy/guards/index.ts';
import { openSessions } from '../../src/remedy/sessions.ts';
import { recordStore } from '../../src/sandbox/records.ts';
import { openState } from '../../src/sandbox/state-folder.ts';
import { folder } from '../native/native.ts';

/** Why a guard does not hold on this machine now. */
export async function refusal(guard: Guard): Promise<string | null> {
  const state = openState(folder(), { create: true });
  if (!state) throw new Error('no state folder');
  const { session, close } = openSessions(1000);
  onTestFinished(close);
  const { signal } = new AbortController();
  return refusalOf(guard, { records: recordStore(state), session, mountNsOf: null, signal });
}

/** A process that ends with the test. */
export function started(command: string, args: string[], env?: Record<string, string>): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore', ...(env ? { env } : {}) });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

export function identity({ pid }: ChildProcess): ProcessIdentity {
  const found = identityOf(pid ?? 0);
  if (!found) throw new Error('the process cannot be started');
  return found;
}
