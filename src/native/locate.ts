import fs from 'node:fs';
import path from 'node:path';
import { assetPath } from '../host/asset.ts';
import { failure, type Native } from './problem.ts';

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Path of one of our native programs, e.g. /usr/lib/podctl/native/pause.
 * It runs with all our rights, so it and its folder must belong to root or to us, and nobody else may write them.
 */
export function nativeProgram(name: 'pause' | 'podctl-ns'): Native<string> {
  try {
    const file = fs.realpathSync(assetPath(`native/${name}`));
    const fault = programFault(file);
    return fault === null ? { ok: true, value: file } : failure('denied', fault);
  } catch {
    return failure(
      'missing',
      `${name} is not installed beside podctl: build it with "npm run build" where make, a C compiler and a static C library are`,
    );
  }
}

/** Why a program must not be run with our rights; null when it may. */
export function programFault(file: string): string | null {
  return faultOf(path.dirname(file)) ?? faultOf(file);
}

function faultOf(file: string): string | null {
  const { uid, mode } = fs.statSync(file);
  if (uid !== 0 && uid !== process.geteuid?.()) {
    return `${file} belongs to user ${uid} and would run with our rights: give it to root (chown root ${file})`;
  }
  if ((mode & WRITABLE_BY_OTHERS) !== 0) {
    return `${file} can be written by others and would run with our rights: chmod go-w ${file}`;
  }
  return null;
}
