import fs from 'node:fs';
import { identifyFile } from '../../host/file-identity.ts';
import { writeFileAtomic } from '../../host/write-file.ts';
import type { ActionContext, Done } from '../context.ts';
import type { ActionOf } from './records.ts';

const OURS = { uid: 0, gid: 0 };

/** Nothing to do where the file has the copy's content already. What it has now is put aside in turn. */
export function restoreConfig(
  { path, sha256, copy, mode }: ActionOf<'restore-config'>,
  { keep }: ActionContext,
): Done {
  const before = identifyFile(copy);
  if (sha256 === null) {
    if (fs.lstatSync(path, { throwIfNoEntry: false }))
      throw new Error(`${path} is there: compare it with ${copy}`);
    writeFileAtomic(path, before.content, mode, OURS);
    return 'done';
  }
  const now = identifyFile(path);
  if (now.file.sha256 === before.file.sha256) return 'nothing';
  if (now.file.sha256 !== sha256) throw new Error(`${path} was changed since: compare it with ${copy}`);
  const { uid, gid } = fs.statSync(path);
  keep({ kind: 'file', path, ...now });
  writeFileAtomic(path, before.content, mode, { uid, gid });
  return 'done';
}
