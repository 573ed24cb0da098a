import os from 'node:os';
import { type Problem, type ProblemCode, problem } from '../model/outcome.ts';

/** What podctl-ns calls a failure. Later versions may add some: those arrive as `failed`. */
export type NativeReason =
  /** No such file, process or program. */
  | 'missing'
  | 'denied'
  /** Something is at the path already. */
  | 'exists'
  /** A part of the path is a link. */
  | 'link'
  | 'busy'
  /** A limit of processes, files, namespaces or mounts is reached. */
  | 'exhausted'
  /** The namespace is another one than expected. */
  | 'mismatch'
  /** The file is no namespace, or one of another type. */
  | 'no-namespace'
  /** The pid belongs to another process now. */
  | 'reused'
  | 'unsupported'
  | 'failed'
  | 'timeout'
  /** We called it wrongly. */
  | 'usage';

/** A Problem that tells programs more: `errno` is the system's name for it ('' for none). */
export interface NativeProblem extends Problem {
  reason: NativeReason;
  errno: string;
}

export type Native<T> = { ok: true; value: T } | { ok: false; problem: NativeProblem };

const CODES: Record<NativeReason, ProblemCode> = {
  missing: 'missing',
  denied: 'denied',
  exists: 'unavailable',
  link: 'malformed',
  busy: 'unavailable',
  exhausted: 'unavailable',
  mismatch: 'unavailable',
  'no-namespace': 'malformed',
  reused: 'missing',
  unsupported: 'unavailable',
  failed: 'unavailable',
  timeout: 'timeout',
  usage: 'crashed',
};

export function nativeProblem(reason: string, message: string, errno = 0): NativeProblem {
  const known = Object.keys(CODES).find((name): name is NativeReason => name === reason) ?? 'failed';
  return { ...problem(CODES[known], message), reason: known, errno: errnoName(errno) };
}

/** A failure as a value. */
export function failure(reason: NativeReason, message: string): { ok: false; problem: NativeProblem } {
  return { ok: false, problem: nativeProblem(reason, message) };
}

function errnoName(errno: number): string {
  return Object.entries(os.constants.errno).find(([, number]) => number === errno)?.[0] ?? '';
}
