import fs from 'node:fs';
import path from 'node:path';
import { identifyFile, sameFile } from '../../host/file-identity.ts';
import { isMissing, problemOf } from '../../host/read-host.ts';
import type { GuardOf } from './index.ts';

export function fileIs({ path: at, file }: GuardOf<'file-is'>): string | null {
  try {
    return sameFile(identifyFile(at).file, file) ? null : `${at} was changed in the meantime: look again`;
  } catch (error) {
    return isMissing(error) ? `${at} is gone` : problemOf(error, at).message;
  }
}

const UID = /^[\w.-]+$/;

export function podUnknown({ uid, folder }: GuardOf<'pod-unknown'>): string | null {
  if (!UID.test(uid)) return `${JSON.stringify(uid)} is no uid of a pod`;
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
