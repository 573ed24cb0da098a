import fs from 'node:fs';
import path from 'node:path';
import { bootId, isRunning, monotonicMs, ownIdentity } from '../host/process.ts';
import { isMissing, systemCode } from '../host/read-host.ts';
import { record, text, whole } from '../model/shape.ts';
import { SandboxError } from './error.ts';
import type { StateFolder } from './state-folder.ts';

/** Who holds a lock: by what survives the reuse of a number. */
export interface LockHolder {
  pid: number;
  startTicks: number;
  bootId: string;
  /** What it does, for the one who is refused. */
  command: string;
}

const holderShape = record<LockHolder>({ pid: whole, startTicks: whole, bootId: text, command: text });

export interface LockRequest {
  /** Name of the lock: an id, or `names`. */
  name: string;
  /** What is locked, for people: `sandbox web`. */
  what: string;
  command: string;
  waitMs: number;
}

const SUFFIX = '.lock';
const POLL_MS = 20;
/** Breaking a lock takes a lock, which may be broken in turn; more crashes in a row than that are no accident. */
const MAX_DEPTH = 3;

/**
 * Runs `work` while holding a lock. A living holder is waited for, then the lock is refused (SandboxError `busy`);
 * the lock of a process that is gone is broken.
 */
export async function withLock<T>(
  state: StateFolder,
  request: LockRequest,
  work: () => Promise<T>,
): Promise<T> {
  const file = lockFile(state, request.name);
  await acquire(file, request, monotonicMs() + request.waitMs);
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

async function acquire(file: string, request: LockRequest, until: number): Promise<void> {
  while (!take(file, request.command)) {
    const holder = readHolder(file);
    if (holder === null) continue;
    if (!isAlive(holder)) breakLock(file, request.command, 1);
    else if (monotonicMs() >= until) throw refusal(request, holder);
    else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A link to a finished file: the lock is never seen without its holder. */
function take(file: string, command: string): boolean {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  fs.writeFileSync(temporary, JSON.stringify({ ...ownIdentity(), command }), { mode: 0o600 });
  try {
    fs.linkSync(temporary, file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/**
 * Removes the lock of a process that is gone. Two who saw the same dead holder must not both remove: the second
 * would remove the first one's new lock. So it takes a lock to do it, and the holder is looked at again.
 */
function breakLock(file: string, command: string, depth: number): void {
  if (depth > MAX_DEPTH)
    throw new SandboxError(
      'busy',
      `the lock ${file} cannot be broken`,
      `remove ${path.dirname(file)}/*.break*`,
    );
  const breaking = `${file}.break`;
  if (!take(breaking, command)) {
    const other = readHolder(breaking);
    if (other !== null && !isAlive(other)) breakLock(breaking, command, depth + 1);
    return;
  }
  try {
    const holder = readHolder(file);
    if (holder !== null && !isAlive(holder)) fs.rmSync(file, { force: true });
  } finally {
    fs.rmSync(breaking, { force: true });
  }
}

/** Breaks the locks of processes that are gone. */
export function sweepLocks(state: StateFolder): void {
  for (const name of fs.readdirSync(state.locks)) {
    const file = path.join(state.locks, name);
    const holder = name.includes(SUFFIX) && !name.endsWith('.tmp') ? readHolder(file) : null;
    if (holder !== null && !isAlive(holder)) breakLock(file, 'sweep', 1);
  }
}

/** Null when the lock went away. One that makes no sense was not written by podctl and is not removed. */
function readHolder(file: string): LockHolder | null {
  let content: string;
  try {
    content = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const holder = parsed(content);
  if (holderShape.fault(holder, 'lock') === null) return holder as LockHolder;
  throw new SandboxError('busy', `the lock ${file} makes no sense`, `look who wrote it, then: rm ${file}`);
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

function isAlive(holder: LockHolder): boolean {
  return holder.bootId === bootId() && isRunning(holder);
}

function refusal({ what }: LockRequest, holder: LockHolder): SandboxError {
  return new SandboxError(
    'busy',
    `${what} is in the hands of another podctl: ${holder.command} (process ${holder.pid})`,
    'wait until it has ended, and try again',
  );
}

function lockFile(state: StateFolder, name: string): string {
  return path.join(state.locks, name + SUFFIX);
}
