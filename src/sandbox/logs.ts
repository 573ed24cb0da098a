import fs from 'node:fs';
import { isMissing } from '../host/read-host.ts';

/** One line of a container's output, put together from its parts. `text` ends without a line end. */
export interface LogLine {
  /** RFC 3339 with nanoseconds. */
  time: string;
  stream: 'stdout' | 'stderr';
  text: Buffer;
}

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;
const HEAD = /^(\S+) (stdout|stderr) ([PF])(?::\S+)? /;
/** Time, stream and tag are shorter than that. */
const MAX_HEAD = 100;
/** A line without an end is cut there. */
const MAX_LINE = 1024 * 1024;

/** Reads a log in CRI's format that may still be written: every call of `more` gives the lines that have come. */
export function openLog(file: string): { more(): Generator<LogLine>; close(): void } {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  const chunk = Buffer.alloc(CHUNK);
  const begun = { stdout: { parts: [] as Buffer[], size: 0 }, stderr: { parts: [] as Buffer[], size: 0 } };
  let rest: Buffer[] = [];
  let kept = 0;

  function keep(part: Buffer): void {
    const wanted = Buffer.from(part.subarray(0, MAX_HEAD + MAX_LINE - kept));
    rest.push(wanted);
    kept += wanted.length;
  }

  function* whole(): Generator<Buffer> {
    for (let n = fs.readSync(fd, chunk); n > 0; n = fs.readSync(fd, chunk)) {
      const read = chunk.subarray(0, n);
      let from = 0;
      for (let end = read.indexOf(NEWLINE); end >= 0; end = read.indexOf(NEWLINE, from)) {
        keep(read.subarray(from, end));
        const line = Buffer.concat(rest);
        from = end + 1;
        rest = [];
        kept = 0;
        yield line;
      }
      keep(read.subarray(from));
    }
  }

  return {
    *more() {
      for (const raw of whole()) {
        const [head = '', time = '', word = '', tag = ''] =
          HEAD.exec(raw.subarray(0, MAX_HEAD).toString('latin1')) ?? [];
        if (head === '') continue;
        const stream = word === 'stderr' ? 'stderr' : 'stdout';
        const line = begun[stream];
        line.parts.push(raw.subarray(head.length));
        line.size += raw.length - head.length;
        if (tag === 'P' && line.size < MAX_LINE) continue;
        yield { time, stream, text: Buffer.concat(line.parts) };
        begun[stream] = { parts: [], size: 0 };
      }
    },
    close: () => fs.closeSync(fd),
  };
}

/** The same; null where the container has written nothing yet. */
export function openLogIfThere(file: string): ReturnType<typeof openLog> | null {
  try {
    return openLog(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
