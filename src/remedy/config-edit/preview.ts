import fs from 'node:fs';
import type { Action } from '../../model/plan.ts';
import { applyEdits } from './apply.ts';
import { unifiedDiff } from './diff.ts';

/** What writing a configuration file would change now, as `diff -u` shows it. Throws where it cannot be done. */
export async function previewConfig({
  path,
  edits,
}: Extract<Action, { kind: 'write-config' }>): Promise<string> {
  const text = fs.readFileSync(path, 'utf8');
  return unifiedDiff(path, text, await applyEdits(text, edits));
}
