import fs from 'node:fs';
import path from 'node:path';
import type { NsId } from '../model/namespace.ts';
import { type Problem, type ProblemCode, problem } from '../model/outcome.ts';
import { resolveInRoot } from './resolve.ts';
import type { RunOptions, RunResult } from './run.ts';

export interface FileStat {
  type: 'file' | 'directory' | 'link' | 'socket' | 'other';
  /** Milliseconds since 1970. */
  mtime: number;
  size: number;
  uid: number;
  mode: number;
}

export interface ReadOptions {
  /** Bytes; a longer file is an error, not a shorter text. Default 1 MiB. */
  max?: number;
  /** Follow a link in the last component: for configuration that an administrator may have linked. */
  follow?: boolean;
}

/**
 * The node as collectors see it. Paths are the node's own; `root` is put before them.
 * Every method throws the system's error; `problemOf` turns it into a Problem.
 */
export interface ReadHost {
  /** Where the node's root folder is: '' for this machine, '/host' inside a debug pod. */
  readonly root: string;
  /** The path to hand to the kernel for a path of the node: links are resolved inside the root. */
  locate(path: string): string;
  /** A text below /proc or /sys: small, made by the kernel, no links to mistrust. */
  readKernel(path: string): string;
  /** A regular file. Refuses links unless told, and anything that is not a regular file. */
  readFile(path: string, options?: ReadOptions): string;
  /** The first bytes of a regular file, which a link may lead to: for programs, which are large. */
  readStart(path: string, bytes: number): Buffer;
  /** Names in a folder, sorted. */
  list(path: string): string[];
  /** Names of the folders in a folder, sorted; a link to one is none. */
  folders(path: string): string[];
  /** Of the link itself, unless told to follow it. */
  stat(path: string, options?: { follow?: boolean }): FileStat;
  readLink(path: string): string;
  /** Identity of the namespace behind /proc/PID/ns/TYPE. */
  nsId(path: string): NsId;
  /** Runs a program of the node; refused when the root is elsewhere. */
  run(file: string, args: string[], options: RunOptions): Promise<RunResult>;
}

const MAX_FILE = 1024 * 1024;
/** An object of its own, which Node need not make anew for each of thousands of files. */
const TEXT = { encoding: 'utf8', flag: 'r' } as const;

const CODES: Record<string, ProblemCode> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ESRCH: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  ELOOP: 'malformed',
  EISDIR: 'malformed',
  EFBIG: 'truncated',
  ETIMEDOUT: 'timeout',
};

const WORDS: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'a part of the path is no folder',
  ESRCH: 'the process is gone',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ELOOP: 'it is a link, which is not followed here',
  EISDIR: 'it is a folder',
  EFBIG: 'it is too large',
};

/** The Problem behind a thrown system error, worded for people. */
export function problemOf(error: unknown, subject: string): Problem {
  const code = systemCode(error);
  const words = WORDS[code] ?? (error instanceof Error ? error.message : String(error));
  return problem(CODES[code] ?? 'unavailable', `cannot read ${subject}: ${words}`, subject);
}

/** The errno name of a thrown system error, '' if it is none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** True when the thing is simply not there. */
export function isMissing(error: unknown): boolean {
  return CODES[systemCode(error)] === 'missing';
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** The node below `root`. `nsDevice` overrides the device of namespace files, for recorded trees. */
export function createReadHost(root = '', overrides: { nsDevice?: number } = {}): ReadHost {
  let device = overrides.nsDevice;
  const locate = (p: string) => (root === '' ? p : resolveInRoot(root, p, true));
  const parentOf = (p: string) =>
    root === '' ? p : path.join(resolveInRoot(root, path.dirname(p), true), path.basename(p));

  /** Ids by link: the namespaces of the node itself are met with every process. */
  const ids = new Map<string, NsId>();

  function nsDevice(): number {
    device ??= fs.statSync('/proc/self/ns/net').dev;
    return device;
  }

  return {
    root,
    locate,
    readKernel: (p) => fs.readFileSync(root + p, TEXT),
    readFile(p, { max = MAX_FILE, follow = false } = {}) {
      const flags = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | (follow ? 0 : fs.constants.O_NOFOLLOW);
      const fd = fs.openSync(follow ? locate(p) : parentOf(p), flags);
      try {
        const stat = fs.fstatSync(fd);
        if (!stat.isFile()) throw systemError(stat.isDirectory() ? 'EISDIR' : 'EINVAL', 'not a regular file');
        if (stat.size > max) throw systemError('EFBIG', `larger than ${max} bytes`);
        return fs.readFileSync(fd, 'utf8');
      } finally {
        fs.closeSync(fd);
      }
    },
    readStart(p, bytes) {
      const fd = fs.openSync(locate(p), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
      try {
        if (!fs.fstatSync(fd).isFile()) throw systemError('EINVAL', 'not a regular file');
        const start = Buffer.alloc(bytes);
        return start.subarray(0, fs.readSync(fd, start, 0, bytes, 0));
      } finally {
        fs.closeSync(fd);
      }
    },
    list: (p) => fs.readdirSync(locate(p)).sort(),
    folders(p) {
      const entries = fs.readdirSync(locate(p), { withFileTypes: true });
      return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
    },
    stat(p, { follow = false } = {}) {
      const s = follow ? fs.statSync(locate(p)) : fs.lstatSync(parentOf(p));
      return { type: typeOf(s), mtime: s.mtimeMs, size: s.size, uid: s.uid, mode: s.mode & 0o7777 };
    },
    readLink: (p) => fs.readlinkSync(root + p),
    nsId(p) {
      const link = fs.readlinkSync(root + p);
      const known = ids.get(link);
      if (known !== undefined) return known;
      const open = link.indexOf(':[');
      if (open < 0 || !link.endsWith(']')) throw systemError('EINVAL', `${link} names no namespace`);
      const id: NsId = `${nsDevice()}:${Number(link.slice(open + 2, -1))}`;
      ids.set(link, id);
      return id;
    },
    async run(file, args, options) {
      if (root !== '') throw systemError('EPERM', `programs of the node below ${root} are not run`);
      const { run } = await import('./run.ts');
      return run(file, args, options);
    },
  };
}

function typeOf(s: fs.Stats): FileStat['type'] {
  if (s.isFile()) return 'file';
  if (s.isDirectory()) return 'directory';
  if (s.isSymbolicLink()) return 'link';
  return s.isSocket() ? 'socket' : 'other';
}
