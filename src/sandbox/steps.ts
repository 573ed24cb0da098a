import type { Risk } from '../model/check.ts';
import type { Guard, Plan } from '../model/plan.ts';
import type { SandboxRecord } from '../model/sandbox.ts';
import { type Draft, planOf } from '../remedy/draft.ts';

export { awaitEnd, type Draft, kill, SIGKILL, SIGTERM, step, terminate } from '../remedy/draft.ts';

/** True while the plan was made from what is recorded. */
export function sameRecord({ id, revision }: SandboxRecord): Guard {
  return { kind: 'record-is', id, revision };
}

/** Drafts in order, numbered from 1. */
export function plan(remedy: string, risk: Risk, basedOn: string, drafts: readonly Draft[]): Plan {
  return planOf({ remedy, risk, subject: null, basedOn }, drafts);
}

/** What a plan on a sandbox says it was made from. */
export function basis({ name, id, revision }: SandboxRecord, now: Date): string {
  return `sandbox ${name} (${id.slice(0, 13)}), revision ${revision}, ${now.toISOString()}`;
}
