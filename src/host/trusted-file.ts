import fs from 'node:fs';
import path from 'node:path';
import { isMissing, problemOf, systemCode } from './read-host.ts';

/** Why a file or folder is not used. */
export interface Distrust {
  /** One sentence that names the path at fault. */
  fault: string;
  /** The command that mends it; [] where there is none. */
  cure: string[];
  /** True when there is simply nothing at the path. */
  isMissing: boolean;
}

/** What has been walked to: the path without links, and what is there. */
interface Place {
  path: string;
  stat: fs.Stats;
  /** True when the last part of what was asked for is a link. */
  isLink: boolean;
}

type Walked = Place | Distrust;

const MAX_LINKS = 40;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * The text of a regular file that says what podctl does with its user's rights. It is read only where nobody but root
 * and that user can have written it: the file, each link that leads to it and each folder on the way belong to one of
 * them, and none can be written by others. (In a folder like /tmp, nobody moves what is another's.)
 * `max`: bytes; a longer file is a fault, not a shorter text. Never throws.
 */
export function readTrustedFile(file: string, max: number): { text: string } | Distrust {
  let fd: number | null = null;
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY);
    const opened = fs.fstatSync(fd);
    if (!opened.isFile()) return distrust(`${file} is no regular file`);
    const walked = walk(file);
    if ('fault' in walked) return walked;
    if (!isSame(walked.stat, opened)) return distrust(`${file} was changed while it was read`);
    const fault = faultOf(walked, file);
    if (fault !== null) return fault;
    if (opened.size > max) return distrust(`${file} is larger than ${max} bytes`);
    return { text: fs.readFileSync(fd, 'utf8') };
  } catch (error) {
    return unreadable(error, file);
  } finally {
    if (fd !== null) fs.closeSync(fd);
  }
}

/** The same of a file that is to be run or loaded, or of a folder whose files are; null where it may be used. */
export function whyNotTrusted(file: string): Distrust | null {
  const walked = walk(file);
  return 'fault' in walked ? walked : faultOf(walked, file);
}

/** Follows each link and looks at each folder; what is at the end is not judged yet. */
function walk(wanted: string): Walked {
  const asked = path.isAbsolute(wanted) ? wanted : `${process.cwd()}/${wanted}`;
  let links = 0;
  let isLink = false;
  let done = '/';
  const todo = parts(asked);
  try {
    let stat = fs.lstatSync(done);
    while (todo.length > 0) {
      const fault = folderFault(done, stat, asked);
      if (fault !== null) return fault;
      const part = todo.shift() as string;
      const next = path.join(done, part);
      stat = fs.lstatSync(next);
      if (!stat.isSymbolicLink()) {
        done = next;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return distrust(`${asked} leads through too many links`);
      if (!isTrusted(stat)) return foreign(`the link ${next}`, stat, ['chown', '-h', 'root', next], asked);
      isLink ||= next === asked;
      const target = fs.readlinkSync(next);
      if (path.isAbsolute(target)) done = '/';
      todo.unshift(...parts(target));
      stat = fs.lstatSync(done);
    }
    return { path: done, stat, isLink };
  } catch (error) {
    return unreadable(error, asked);
  }
}

function parts(text: string): string[] {
  return text.split('/').filter((part) => part !== '' && part !== '.');
}

function folderFault(folder: string, stat: fs.Stats, asked: string): Distrust | null {
  const what = `the folder ${folder}`;
  if (!isTrusted(stat)) return foreign(what, stat, copyOrChown(folder, asked), asked);
  if ((stat.mode & STICKY) !== 0 || (stat.mode & WRITABLE_BY_OTHERS) === 0) return null;
  return writable(what, stat, folder, asked);
}

function faultOf({ path: real, stat, isLink }: Place, asked: string): Distrust | null {
  const what = isLink ? `${real}, which it leads to,` : 'it';
  if (!isTrusted(stat)) return foreign(what, stat, ['chown', 'root', real], asked);
  return (stat.mode & WRITABLE_BY_OTHERS) === 0 ? null : writable(what, stat, real, asked);
}

/** Where both a folder and what is in it are somebody's, the folder stays his: a copy is made. */
function copyOrChown(folder: string, asked: string): string[] {
  const there = fs.statSync(asked, { throwIfNoEntry: false });
  if (!there?.isFile() || isTrusted(there)) return ['chown', 'root', folder];
  const real = fs.realpathSync(asked);
  const target = real === asked ? `/etc/podctl/${path.basename(asked)}` : asked;
  const mode = (there.mode & 0o7777 & ~WRITABLE_BY_OTHERS).toString(8).padStart(4, '0');
  return ['install', '-D', '-m', mode, real, target];
}

function isTrusted({ uid }: fs.Stats): boolean {
  return uid === ROOT || uid === process.geteuid?.();
}

function isSame(a: fs.Stats, b: fs.Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

function foreign(what: string, { uid }: fs.Stats, cure: string[], asked: string): Distrust {
  const whose = process.geteuid?.() === ROOT ? 'who is not root' : 'who is neither root nor you';
  return distrust(`${asked} is not used: ${what} belongs to user ${uid}, ${whose}`, cure);
}

function writable(what: string, { mode }: fs.Stats, at: string, asked: string): Distrust {
  const bits = (mode & 0o7777).toString(8).padStart(4, '0');
  const fault = `${asked} is not used: ${what} can be written by others than its owner (mode ${bits})`;
  return distrust(fault, ['chmod', 'go-w', at]);
}

function unreadable(error: unknown, file: string): Distrust {
  const fault =
    systemCode(error) === 'ELOOP' ? `${file} leads through too many links` : problemOf(error, file).message;
  return { ...distrust(fault), isMissing: isMissing(error) };
}

function distrust(fault: string, cure: string[] = []): Distrust {
  return { fault, cure, isMissing: false };
}
