import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface ReportOptions {
  /** Null: no deadline, for programs that run as long as they like. */
  timeoutMs: number | null;
  signal?: AbortSignal;
  /** Bytes of each output and of the report that are kept; default 16 MiB. */
  maxOutput?: number;
  /** The whole environment; default: our own. */
  env?: Record<string, string>;
  /** Folder to run in; default: our own. */
  cwd?: string;
  /** It reports on descriptor 3; default: true. */
  report?: boolean;
  /** What it reads from stdin; default: nothing, /dev/null. */
  input?: string;
  /** Give the program our own stdin, stdout and stderr, and leave it in our process group. */
  attached?: boolean;
  /** On SIGTERM it ends all that it started, wherever that went: it is given a second to do so. */
  endsOthers?: boolean;
  /** Each whole line of the report, as it comes. */
  onLine?: (line: string) => void;
  /** Called when it runs, with what sends it a signal. */
  started?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** How a program ended. Always a value. */
export interface ReportResult {
  /** Null when it was killed or never started. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** What it wrote to descriptor 3. */
  report: string;
  timedOut: boolean;
  /** Set when it wrote more than `maxOutput` and was killed with its group. */
  overflowed?: true;
  /** Why it could not be started; null when it was. */
  startError: string | null;
}

const PATIENCE_MS = 1000;

/**
 * Runs one of the programs that a sandbox is made with, in a process group of its own unless it is attached.
 * At the deadline, on abort and on too much output the whole group is killed and the wait ends.
 * Without execa: loading it takes longer than all that these programs do.
 */
export function runReporting(file: string, args: string[], options: ReportOptions): Promise<ReportResult> {
  const { attached = false, report: reports = true, input, maxOutput = 16 * 1024 * 1024 } = options;
  const stdin = input === undefined ? ('ignore' as const) : ('pipe' as const);
  const result = { exitCode: null, stdout: '', stderr: '', report: '', timedOut: false, startError: null };
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      detached: !attached,
      stdio: [
        ...(attached ? (['inherit', 'inherit', 'inherit'] as const) : ([stdin, 'pipe', 'pipe'] as const)),
        ...(reports ? (['pipe'] as const) : []),
      ],
      ...(options.env ? { env: options.env } : {}),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const texts = { stdout: '', stderr: '', report: '' };
    const finish = (how: Partial<ReportResult>) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
      resolve({ ...result, ...texts, ...how });
    };
    let isCut = false;
    const cut = (why: Partial<ReportResult>) => {
      if (isCut) return;
      isCut = true;
      for (const stream of child.stdio) stream?.destroy();
      const kill = () => {
        clearTimeout(patience);
        killAll(child, attached);
        child.unref();
        finish(why);
      };
      const patience = setTimeout(kill, options.endsOthers === true ? PATIENCE_MS : 0);
      if (options.endsOthers !== true) return kill();
      child.once('exit', kill);
      child.kill('SIGTERM');
    };
    const stop = () => cut({ timedOut: true });
    const timer = options.timeoutMs === null ? undefined : setTimeout(stop, options.timeoutMs);
    options.signal?.addEventListener('abort', stop, { once: true });
    const collect = (name: keyof typeof texts, stream: Readable | null) =>
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        texts[name] += chunk;
        if (texts[name].length > maxOutput) cut({ overflowed: true });
      });
    collect('stdout', child.stdout);
    collect('stderr', child.stderr);
    const report = reports ? (child.stdio[3] as Readable | null) : null;
    collect('report', report);
    if (options.onLine) eachLine(report, options.onLine);
    // One that ends without reading it says why by itself.
    child.stdin?.on('error', () => {}).end(input);
    child.once('error', (error) => finish({ startError: error.message }));
    child.once('close', (exitCode) => isCut || finish({ exitCode }));
    if (child.pid !== undefined) options.started?.((signal) => void child.kill(signal));
  });
}

function eachLine(stream: Readable | null, tell: (line: string) => void): void {
  let rest = '';
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tell(line);
  });
}

function killAll(child: ChildProcess, attached: boolean): void {
  if (child.pid === undefined) return;
  try {
    process.kill(attached ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
