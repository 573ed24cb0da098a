import fs from 'node:fs';
import path from 'node:path';
import { identifyFile, sameFile } from '../../host/file-identity.ts';
import { isMissing, problemOf } from '../../host/read-host.ts';
import { askRuntime } from '../owners.ts';
import type { GuardContext, GuardOf } from './index.ts';

export function fileIs({ path: at, file }: GuardOf<'file-is'>): string | null {
  try {
    return sameFile(identifyFile(at).file, file) ? null : `${at} was changed in the meantime: look again`;
  } catch (error) {
    return isMissing(error) ? `${at} is gone` : problemOf(error, at).message;
  }
}

export function absent({ path: at }: GuardOf<'absent'>): string | null {
  return fs.lstatSync(at, { throwIfNoEntry: false }) === undefined
    ? null
    : `${at} is there by now: look again`;
}

/** An administrator may have linked a configuration file. */
export function contentIs({ path: at, sha256 }: GuardOf<'content-is'>): string | null {
  try {
    const { file } = identifyFile(fs.realpathSync(at));
    return file.sha256 === sha256 ? null : `${at} was changed in the meantime: look again`;
  } catch (error) {
    return isMissing(error) ? `${at} is gone` : problemOf(error, at).message;
  }
}

const UID = /^[\w.-]+$/;

export async function podUnknown(
  { endpoint, uid, folder }: GuardOf<'pod-unknown'>,
  context: GuardContext,
): Promise<string | null> {
  if (!UID.test(uid)) return `${JSON.stringify(uid)} is no uid of a pod`;
  const { sandboxes, records } = await askRuntime(endpoint, context);
  const sandbox = sandboxes.find((one) => one.uid === uid);
  if (sandbox) return `the runtime lists sandbox ${sandbox.id.slice(0, 13)} of the pod`;
  const record = records.find((one) => one.name?.split('_').includes(uid));
  if (record) return `the runtime has a record of the pod: ${record.id.slice(0, 13)}`;
  const own = path.join(folder, uid);
  try {
    fs.lstatSync(own);
    return `kubelet knows the pod: ${own} is there`;
  } catch (error) {
    return isMissing(error)
      ? null
      : `whether kubelet knows the pod cannot be seen: ${problemOf(error, own).message}`;
  }
}
