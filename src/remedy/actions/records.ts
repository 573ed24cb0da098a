import type { Action } from '../../model/plan.ts';
import type { SandboxRecord } from '../../model/sandbox.ts';
import type { ActionContext, Done } from '../context.ts';

export type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

export function writeRecord({ record }: ActionOf<'write-record'>, { records }: ActionContext): Done {
  records.write(record);
  return 'done';
}

export function setPhase({ id, phase }: ActionOf<'set-phase'>, context: ActionContext): Done {
  const record = recordOf(id, context);
  if (record.phase === phase) return 'nothing';
  context.records.write({ ...record, phase });
  return 'done';
}

export function removeRecord({ id }: ActionOf<'remove-record'>, { records }: ActionContext): Done {
  if (records.read(id) === null) return 'nothing';
  records.remove(id);
  return 'done';
}

/** The record as it is now; an action never trusts the one that its plan was made from. */
export function recordOf(id: string, { records }: ActionContext): SandboxRecord {
  const record = records.read(id);
  if (record === null) throw new Error(`the record of sandbox ${id.slice(0, 13)} is gone; podctl sandbox ls`);
  return record;
}
