import fs from 'node:fs';
import path from 'node:path';
import { identifyFile } from '../../host/file-identity.ts';
import { writeFileAtomic } from '../../host/write-file.ts';
import { changed, type FileEdit } from '../config-edit/change.ts';
import { dumpConfig, faultOfEdit } from '../config-edit/dump.ts';
import type { ActionContext, Done } from '../context.ts';

export async function writeConfig(action: FileEdit, context: ActionContext): Promise<Done> {
  const { path: named, sha256, backupFolder } = action;
  const check = action.kind === 'write-config' ? action.check : null;
  // An administrator may have linked it; what is written is what the link leads to.
  const file = fs.realpathSync(named);
  const old = identifyFile(file);
  if (old.file.sha256 !== sha256) throw new Error(`${named} was changed in the meantime: look again`);
  const text = old.content.toString('utf8');
  const edited = await changed(action, text).catch((error: Error) => {
    throw new Error(`cannot edit ${named}: ${error.message}`);
  });
  if (edited === text) return 'nothing';
  const { uid, gid } = fs.statSync(file);
  const write = (content: string | Buffer, to: string) =>
    writeFileAtomic(to, content, old.mode, { uid, gid });
  const before = check && (await dumpConfig(check, context));
  context.keep({ kind: 'file', path: file, ...old });
  const backup = path.join(backupFolder, `${path.basename(file)}.podctl-${stampOf(context.now())}`);
  write(old.content, backup);
  write(edited, file);
  context.at('during');
  const after = check && (await dumpConfig(check, context));
  const fault = check && before && after ? faultOfEdit(before, after, check.sandboxImage) : '';
  if (fault !== '') {
    write(old.content, file);
    fs.rmSync(backup);
    throw new Error(`${named} was put back as it was: ${fault}`);
  }
  const unsure = after && 'unasked' in after ? `; not verified: ${after.unasked}` : '';
  context.note(`the old one is ${backup}${unsure}`);
  return 'done';
}

/** A time as part of a file's name: 20261124T201500Z. */
function stampOf(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
}
