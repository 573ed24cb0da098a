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
  /**
   * The last bytes of a regular file from the beginning of a line; all of a shorter one. A link in the last
   * component is followed below /proc only: there it is the kernel's, and leads to the file that a process has open.
   */
  readEnd(path: string, bytes: number): string;
  /** The first bytes of a regular file, and how long it is. Links are followed, inside the root. */
  readStart(path: string, bytes: number): { bytes: Buffer; size: number; mode: number };
  /** So many bytes of a regular file from a place on, fewer at its end. Links are followed, inside the root. */
  readPart(path: string, from: number, bytes: number): Buffer;
  /** Names in a folder, sorted. */
  list(path: string): string[];
  /** Names of the folders in a folder, sorted; a link to one is none. */
  folders(path: string): string[];
  /** Of the link itself, unless told to follow it. */
  stat(path: string, options?: { follow?: boolean }): FileStat;
  readLink(path: string): string;
  /** Of the file system that a folder is on, in bytes and inodes. Waits for ever where a server does not answer. */
  space(path: string): {
    size: number;
    freeForRoot: number;
    free: number;
    inodes: number;
    inodesFree: number;
  };
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

  const open = (file: string, flags: number) => {
    const known = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | flags;
    if (root === '') return fs.openSync(file, known);
    // Below another root may be anything, and some devices act when they are opened.
    const stat = fs.lstatSync(file);
    if (!stat.isSymbolicLink()) mustBeFile(stat);
    return fs.openSync(file, known | fs.constants.O_NOFOLLOW);
  };

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
      const fd = follow ? open(locate(p), 0) : open(parentOf(p), fs.constants.O_NOFOLLOW);
      try {
        const stat = mustBeFile(fs.fstatSync(fd));
        if (stat.size > max) throw systemError('EFBIG', `larger than ${max} bytes`);
        return fs.readFileSync(fd, 'utf8');
      } finally {
        fs.closeSync(fd);
      }
    },
    readEnd(p, bytes) {
      const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants;
      const isKernels = p.startsWith('/proc/');
      const fd = isKernels ? fs.openSync(root + p, O_RDONLY | O_NONBLOCK) : open(parentOf(p), O_NOFOLLOW);
      try {
        return endOf(fd, bytes);
      } finally {
        fs.closeSync(fd);
      }
    },
    readStart(p, bytes) {
      const fd = open(locate(p), 0);
      try {
        const { size, mode } = mustBeFile(fs.fstatSync(fd));
        const start = Buffer.alloc(bytes);
        return { bytes: start.subarray(0, fs.readSync(fd, start, 0, bytes, 0)), size, mode: mode & 0o7777 };
      } finally {
        fs.closeSync(fd);
      }
    },
    readPart(p, from, bytes) {
      const fd = open(locate(p), 0);
      try {
        mustBeFile(fs.fstatSync(fd));
        const part = Buffer.alloc(bytes);
        return part.subarray(0, fs.readSync(fd, part, 0, bytes, from));
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
    space(p) {
      const { bsize, blocks, bfree, bavail, files, ffree } = fs.statfsSync(locate(p));
      return {
        size: blocks * bsize,
        freeForRoot: bfree * bsize,
        free: bavail * bsize,
        inodes: files,
        inodesFree: ffree,
      };
    },
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

function mustBeFile(stat: fs.Stats): fs.Stats {
  if (!stat.isFile()) throw systemError(stat.isDirectory() ? 'EISDIR' : 'EINVAL', 'not a regular file');
  return stat;
}

function endOf(fd: number, bytes: number): string {
  const { size } = mustBeFile(fs.fstatSync(fd));
  const from = Math.max(size - bytes, 0);
  const buffer = Buffer.alloc(size - from);
  const end = buffer.toString('utf8', 0, fs.readSync(fd, buffer, 0, buffer.length, from));
  return from === 0 ? end : end.slice(end.indexOf('\n') + 1);
}

function typeOf(s: fs.Stats): FileStat['type'] {
  if (s.isFile()) return 'file';
  if (s.isDirectory()) return 'directory';
  if (s.isSymbolicLink()) return 'link';
  return s.isSocket() ? 'socket' : 'other';
}
