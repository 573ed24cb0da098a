import type { LogLine } from '../../sandbox/logs.ts';
import type { Terminal } from '../terminal.ts';

const NEWLINE = Buffer.from('\n');

/** Writes lines of a container's log: its stdout on ours, its stderr on ours. */
export function logWriter({ out, err }: Terminal, timestamps: boolean): (line: LogLine) => void {
  return ({ time, stream, text }) => {
    const bytes = Buffer.concat([Buffer.from(timestamps ? `${time} ` : ''), text, NEWLINE]);
    (stream === 'stdout' ? out : err)(bytes);
  };
}
