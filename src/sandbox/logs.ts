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
  const begun: Record<LogLine['stream'], Buffer[]> = { stdout: [], stderr: [] };
  let rest = Buffer.alloc(0);

  function* whole(): Generator<Buffer> {
    for (let n = fs.readSync(fd, chunk); n > 0; n = fs.readSync(fd, chunk)) {
      rest = Buffer.concat([rest, chunk.subarray(0, n)]);
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        yield rest.subarray(0, end);
        rest = rest.subarray(end + 1);
      }
    }
  }

  return {
    *more() {
      for (const raw of whole()) {
        const [head = '', time = '', word = '', tag = ''] =
          HEAD.exec(raw.subarray(0, MAX_HEAD).toString('latin1')) ?? [];
        if (head === '') continue;
        const stream = word === 'stderr' ? 'stderr' : 'stdout';
        const parts = begun[stream];
        parts.push(Buffer.from(raw.subarray(head.length)));
        const size = parts.reduce((sum, part) => sum + part.length, 0);
        if (tag === 'P' && size < MAX_LINE) continue;
        yield { time, stream, text: Buffer.concat(parts) };
        begun[stream] = [];
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
