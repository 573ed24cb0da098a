import fs from 'node:fs';
import { changed, type FileEdit } from './change.ts';
import { flagDiff, unifiedDiff } from './diff.ts';

/** What editing a file would change now, as `diff -u` shows it. Throws where it cannot be done. */
export async function previewConfig(action: FileEdit): Promise<string> {
  const { path, kind } = action;
  const text = fs.readFileSync(path, 'utf8');
  const diff = kind === 'write-config' ? unifiedDiff : flagDiff;
  return diff(path, text, await changed(action, text));
}
