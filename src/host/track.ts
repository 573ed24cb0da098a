import fs from 'node:fs';
import path from 'node:path';
import { type ReadHost, systemCode } from './read-host.ts';

/** What was read of a node, and whether reading it again would give the same. */
export interface Track {
  /** The node; whatever is read through it is kept in mind. */
  host: ReadHost;
  /** True when nothing of it changed since. False as well where that cannot be told. */
  isUnchanged(): boolean;
}

/** A file that changed so shortly before it was read may change again without showing it. */
const SETTLED_MS = 2000;

/** Keeps in mind what is read of a node: of files their identity, size and times, of links and /proc the text. */
export function trackReads(host: ReadHost): Track {
  const marks = new Map<string, string>();
  const texts = new Map<string, { read: () => string; text: string }>();
  let isTellable = true;

  function mark(p: string): void {
    const { identity, changed } = identityOf(host, p);
    if (changed > Date.now() - SETTLED_MS || (marks.get(p) ?? identity) !== identity) isTellable = false;
    marks.set(p, identity);
  }

  function marked<A extends unknown[], R>(read: (p: string, ...rest: A) => R): (p: string, ...rest: A) => R {
    return (p, ...rest) => {
      mark(p);
      return read(p, ...rest);
    };
  }

  function compared<T extends string>(kind: string, read: (p: string) => T): (p: string) => T {
    return (p) => {
      texts.set(`${kind} ${p}`, { read: () => textOf(() => read(p)), text: textOf(() => read(p)) });
      return read(p);
    };
  }

  function untold<A extends unknown[], R>(read: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      isTellable = false;
      return read(...args);
    };
  }

  return {
    host: {
      root: host.root,
      locate: host.locate,
      readKernel: compared('text', host.readKernel),
      readFile: marked(host.readFile),
      readEnd: untold(host.readEnd),
      readStart: marked(host.readStart),
      readPart: marked(host.readPart),
      list: marked(host.list),
      folders: marked(host.folders),
      stat: marked(host.stat),
      readLink: compared('link', host.readLink),
      space: untold(host.space),
      nsId: compared('namespace', host.nsId),
      // What is asked of a program by those who are tracked (its version) changes with its file.
      run(file, args, options) {
        if (path.isAbsolute(file)) mark(file);
        else isTellable = false;
        return host.run(file, args, options);
      },
    },
    isUnchanged: () =>
      isTellable &&
      [...marks].every(([p, identity]) => identityOf(host, p).identity === identity) &&
      [...texts.values()].every(({ read, text }) => read() === text),
  };
}

function textOf(read: () => string): string {
  try {
    return read();
  } catch (error) {
    return `\0${systemCode(error)}`;
  }
}

/** `changed`: milliseconds since 1970; 0 for what is not there. */
function identityOf(host: ReadHost, p: string): { identity: string; changed: number } {
  try {
    const stats = [fs.statSync(host.locate(p), { bigint: true })];
    if (host.root === '') stats.push(fs.lstatSync(p, { bigint: true }));
    const identity = stats
      .map(({ dev, ino, mode, size, mtimeNs, ctimeNs }) => [dev, ino, mode, size, mtimeNs, ctimeNs].join(':'))
      .join(' ');
    return { identity, changed: Math.max(...stats.map(({ ctimeMs }) => Number(ctimeMs))) };
  } catch (error) {
    return { identity: systemCode(error), changed: 0 };
  }
}
