import fs from 'node:fs';
import path from 'node:path';
import { systemCode } from '../host/read-host.ts';
import { SandboxError } from './error.ts';

/** Folders below the state folder, each made when it is first needed. */
const PARTS = ['records', 'sandboxes', 'ns', 'locks'] as const;
const OTHERS_MAY_WRITE = 0o022;
const STICKY = 0o1000;

/** Where podctl keeps what it knows of its own sandboxes. */
export interface StateFolder {
  root: string;
  /** One JSON file a sandbox, `<id>.json`. */
  records: string;
  locks: string;
  /** Logs of containers that were started in the runtime's sandboxes, one folder a sandbox; made when needed. */
  podLogs: string;
  /** Holds a sandbox's hosts, resolv.conf, hostname, shm and logs. */
  folderOf(id: string): string;
  /** Holds a sandbox's pins: net, ipc, uts. */
  pinsOf(id: string): string;
}

/** /run/podctl; without root $XDG_RUNTIME_DIR/podctl. Throws SandboxError when there is no such place. */
export function defaultStateDir(uid: number, env: Record<string, string | undefined>): string {
  if (uid === 0) return '/run/podctl';
  const own = env.XDG_RUNTIME_DIR;
  if (own?.startsWith('/')) return path.join(own, 'podctl');
  throw new SandboxError(
    'usage',
    'there is no place for state: you are not root, and XDG_RUNTIME_DIR is not set',
    'name a folder of yours with --state-dir',
  );
}

/**
 * The state folder, after looking that nobody else can write to it and that no part of it is a link.
 * Null when it does not exist, unless `create` is set. Throws SandboxError.
 */
export function openState(dir: string, options: { create: boolean }): StateFolder | null {
  const root = path.resolve(dir);
  checkAncestors(root);
  if (!isThere(root)) {
    if (!options.create) return null;
    makeFolder(root);
  }
  const folder = (part: (typeof PARTS)[number]) => path.join(root, part);
  for (const part of PARTS) {
    if (!isThere(folder(part)) && options.create) makeFolder(folder(part));
    if (isThere(folder(part))) checkOwn(folder(part));
  }
  return {
    root,
    records: folder('records'),
    locks: folder('locks'),
    podLogs: path.join(root, 'pod-logs'),
    folderOf: (id) => path.join(folder('sandboxes'), id),
    pinsOf: (id) => path.join(folder('ns'), id),
  };
}

function isThere(dir: string): boolean {
  const stat = fs.lstatSync(dir, { throwIfNoEntry: false });
  if (!stat) return false;
  checkOwn(dir);
  return true;
}

/** Whoever may write to a folder above could put another one in our place. */
function checkAncestors(root: string): void {
  for (let dir = path.dirname(root); ; dir = path.dirname(dir)) {
    const stat = fs.lstatSync(dir, { throwIfNoEntry: false });
    if (!stat) throw refusal(root, `${dir} does not exist`, `mkdir -p ${dir}`);
    if (stat.isSymbolicLink()) throw refusal(root, `${dir} is a link`, 'name the folder that it leads to');
    if (!stat.isDirectory()) throw refusal(root, `${dir} is no folder`, 'name another folder');
    if (!isTrusted(stat.uid))
      throw refusal(root, `${dir} belongs to user ${stat.uid}`, 'name a folder of yours');
    if ((stat.mode & OTHERS_MAY_WRITE) !== 0 && (stat.mode & STICKY) === 0)
      throw refusal(root, `others may write to ${dir}`, `chmod go-w ${dir}`);
    if (dir === path.dirname(dir)) return;
  }
}

function checkOwn(dir: string): void {
  const stat = fs.lstatSync(dir);
  if (stat.isSymbolicLink()) throw refusal(dir, 'it is a link', 'name the folder that it leads to');
  if (!stat.isDirectory()) throw refusal(dir, 'it is no folder', 'name another one with --state-dir');
  if (stat.uid !== userId())
    throw refusal(dir, `it belongs to user ${stat.uid}`, 'name a folder of yours with --state-dir');
  if ((stat.mode & OTHERS_MAY_WRITE) !== 0) throw refusal(dir, 'others may write to it', `chmod go-w ${dir}`);
}

function isTrusted(uid: number): boolean {
  return uid === 0 || uid === userId();
}

function userId(): number {
  return process.geteuid?.() ?? 0;
}

/** Another podctl may have made it in the meantime. */
function makeFolder(dir: string): void {
  try {
    fs.mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    const why = error instanceof Error ? error.message : String(error);
    throw refusal(dir, `it cannot be made: ${why}`, 'name another one with --state-dir');
  }
}

function refusal(dir: string, cause: string, hint: string): SandboxError {
  return new SandboxError('usage', `the state folder ${dir} cannot be used: ${cause}`, hint);
}
