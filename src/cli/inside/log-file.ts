import fs from 'node:fs';
import path from 'node:path';
import { isMissing, type ReadHost } from '../../host/read-host.ts';
import { escapeText } from '../../report/escape.ts';
import { type LogLine, openLog } from '../../sandbox/logs.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const NEWLINE = Buffer.from('\n');
/** Colours and styles may pass to a terminal: they move nothing. */
const STYLE = /(\x1b\[[0-9;]{0,32}m|\t)/;

export interface LogOptions {
  tail: number;
  timestamps: boolean;
}

/** A log in CRI's format. Its lines so far, and after `more` again those that have come. */
export interface LogFile {
  more(): LogLine[];
  close(): void;
}

/**
 * Opens a log of the node; null where there is none. A link is refused: who may write the folder of a pod's logs
 * could point it at any file of the node.
 */
export function openNodeLog(host: ReadHost, file: string): LogFile | null {
  const located = path.join(host.locate(path.dirname(file)), path.basename(file));
  const stat = statOf(located);
  if (stat === null) return null;
  if (stat.isSymbolicLink())
    throw new UsageError(
      `${file} is a link to ${fs.readlinkSync(located)}, which is not followed`,
      'read that file yourself if you trust it',
    );
  if (!stat.isFile()) throw new UsageError(`${file} is no regular file`);
  let log = openLog(located);
  let identity = stat.ino;
  return {
    more() {
      const lines = [...log.more()];
      const now = statOf(located);
      // Kubelet renames a log that has grown large, and the runtime begins a new one.
      if (now === null || !now.isFile() || now.ino === identity) return lines;
      log.close();
      log = openLog(located);
      identity = now.ino;
      return [...lines, ...log.more()];
    },
    close: () => log.close(),
  };
}

function statOf(file: string): fs.Stats | null {
  try {
    return fs.lstatSync(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Prints lines: stdout of the container on ours, its stderr on ours. */
export function logWriter(terminal: Terminal, { timestamps }: LogOptions): (line: LogLine) => void {
  return ({ time, stream, text }) => {
    const shown = terminal.isTerminal ? Buffer.from(harmless(text.toString('utf8'))) : text;
    const bytes = Buffer.concat([Buffer.from(timestamps ? `${time} ` : ''), shown, NEWLINE]);
    (stream === 'stdout' ? terminal.out : terminal.err)(bytes);
  };
}

/** What a terminal may be shown of a line that anybody may have written. */
function harmless(text: string): string {
  return text
    .split(STYLE)
    .map((part, i) => (i % 2 === 1 ? part : escapeText(part)))
    .join('');
}

/** The last of the lines; all where `count` is endless. */
export function lastOf<T>(lines: T[], count: number): T[] {
  return count === Number.POSITIVE_INFINITY ? lines : lines.slice(Math.max(0, lines.length - count));
}
