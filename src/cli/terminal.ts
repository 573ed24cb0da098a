import path from 'node:path';
import tty from 'node:tty';
import { isUnattended } from './environment.ts';
import { isSet } from './is-set.ts';

/** Where the command talks to: the result alone goes out, everything else goes to err. */
export interface Terminal {
  /** How podctl was called, for usage texts: `kubectl podctl` where kubectl runs it. */
  calledAs?: string;
  env: Record<string, string | undefined>;
  isTerminal: boolean;
  /** 80 when nobody looks. */
  columns: number;
  out(text: string | Uint8Array): void;
  /** True once nobody reads stdout any more. */
  isGone?(): boolean;
  err(text: string | Uint8Array): void;
  /** Whether a person looks at stderr, and not a pipeline that has a terminal. */
  errIsTerminal: boolean;
  /** Whether somebody is there to be asked, and may be. */
  canAsk(): boolean;
  /** The line that was typed; '' when it was cut off. */
  ask(question: string, signal: AbortSignal): Promise<string>;
}

const COLUMNS = 80;
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

/** The process's own streams. A reader of stdout that went away (`podctl ... | head`) is no fault. */
export function processTerminal(): Terminal {
  const isTerminal = tty.isatty(STDOUT);
  let isGone = false;
  const hear = () => {
    isGone = true;
  };
  return {
    calledAs: calledAs(process.argv[1]),
    env: process.env,
    isTerminal,
    columns: (isTerminal && process.stdout.columns) || COLUMNS,
    out: (text) => write(process.stdout, text, hear),
    err: (text) => write(process.stderr, text, () => {}),
    errIsTerminal: tty.isatty(STDERR) && !isUnattended(process.env),
    canAsk: () =>
      tty.isatty(STDIN) &&
      tty.isatty(STDERR) &&
      !isUnattended(process.env) &&
      !isSet(process.env.PODCTL_NO_PROMPT),
    ask,
    isGone: () => isGone,
  };
}

/** kubectl runs a program `kubectl-NAME` for `kubectl NAME`. */
function calledAs(program = ''): string {
  return /^kubectl-podctl(\.js)?$/.test(path.basename(program)) ? 'kubectl podctl' : 'podctl';
}

/** Reading lines is loaded only where somebody is asked. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  return (await import('./ask.ts')).askLine(question, signal, process.stdin, process.stderr);
}

/** `closed` is called when nobody reads. Node does not let it show: the process's own streams are never destroyed. */
function write(stream: NodeJS.WriteStream, text: string | Uint8Array, closed: () => void): void {
  if (stream.listenerCount('error') === 0)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      closed();
    });
  stream.write(text);
}
