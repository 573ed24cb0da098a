import type { FileIdentity } from '../model/plan.ts';
import { oneOf, record } from '../model/shape.ts';
import { callHelper, type HelperOptions, lineWith } from './helper.ts';
import type { Native } from './problem.ts';

export interface FileRemoval {
  /** Absolute, no links in it. */
  path: string;
  file: FileIdentity;
  /** File to hold with flock meanwhile, made where there is none; '' for none. */
  lock: string;
  /** How long to wait for the lock. */
  waitMs: number;
}

const removed = record<{ was: 'file' | 'missing' }>({ was: oneOf('file', 'missing') });

/** Removes that very file with that very content. What came to its name since is left alone, and a failure. */
export async function removeFile(
  { path, file, lock, waitMs }: FileRemoval,
  options?: HelperOptions,
): Promise<Native<{ was: 'file' | 'missing' }>> {
  const { dev, ino, sha256 } = file;
  const locked = lock === '' ? [] : ['--lock', lock, '--wait-ms', String(waitMs)];
  const args = ['--expect', `${dev}:${ino}`, '--sha256', sha256, ...locked, '--', path];
  const lines = await callHelper('remove-file', args, options);
  return lines.ok ? lineWith('was', removed, lines.value) : lines;
}
