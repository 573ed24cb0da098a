import type { Action } from '../../model/plan.ts';
import { applyEdits } from './apply.ts';
import { editFlag } from './flag.ts';

/** An action that edits a file of which a copy is kept. */
export type FileEdit = Extract<Action, { kind: 'write-config' | 'edit-flag' }>;

export function isFileEdit(action: Action): action is FileEdit {
  return action.kind === 'write-config' || action.kind === 'edit-flag';
}

/** What an action makes of a file's text. Throws an Error where it cannot be done, with what to do by hand. */
export async function changed(action: FileEdit, text: string): Promise<string> {
  return action.kind === 'write-config'
    ? applyEdits(text, action.edits)
    : editFlag(text, action.flag, action.value);
}
