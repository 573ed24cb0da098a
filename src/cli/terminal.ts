import tty from 'node:tty';

/** Where the command talks to: the result alone goes out, everything else goes to err. */
export interface Terminal {
  env: Record<string, string | undefined>;
  isTerminal: boolean;
  /** 80 when nobody looks. */
  columns: number;
  out(text: string | Uint8Array): void;
  /** True once nobody reads stdout any more. */
  isGone?(): boolean;
  err(text: string | Uint8Array): void;
}

const COLUMNS = 80;
const STDOUT = 1;

/** The process's own streams. A reader of stdout that went away (`podctl ... | head`) is no fault. */
export function processTerminal(): Terminal {
  const isTerminal = tty.isatty(STDOUT);
  return {
    env: process.env,
    isTerminal,
    columns: (isTerminal && process.stdout.columns) || COLUMNS,
    out: (text) => write(process.stdout, text),
    err: (text) => write(process.stderr, text),
    isGone: () => process.stdout.destroyed || process.stdout.errored !== null,
  };
}

function write(stream: NodeJS.WriteStream, text: string | Uint8Array): void {
  if (stream.listenerCount('error') === 0) stream.on('error', ignoreClosedPipe);
  stream.write(text);
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
