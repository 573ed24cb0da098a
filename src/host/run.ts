import { execa } from 'execa';

export interface RunOptions {
  timeoutMs: number;
  signal?: AbortSignal;
  /** Bytes of stdout and of stderr that are kept; default 64 KiB. */
  maxOutput?: number;
  /** The whole environment; default: our own. */
  env?: Record<string, string>;
  /** What the program reads from stdin; default: nothing, /dev/null. */
  input?: string;
}

/** How a program ended. Always a value: a failure has the keys of a success. */
export interface RunResult {
  /** Null when it was killed or never started. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** Set when it wrote more than `maxOutput` and was killed with its group. */
  overflowed?: true;
  /** Why it could not be started; null when it was. */
  startError: string | null;
}

/**
 * Runs a program in a process group of its own, without a shell.
 * At the deadline the whole group is killed and the wait ends, even if a child escaped the group
 * and holds the output open: execa's own timeout would wait for it.
 */
export function run(file: string, args: string[], options: RunOptions): Promise<RunResult> {
  const max = options.maxOutput ?? 64 * 1024;
  const child = execa(file, args, {
    detached: true,
    reject: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    encoding: 'utf8',
    maxBuffer: max,
    cleanup: false,
    ...(options.env ? { env: options.env, extendEnv: false } : {}),
  });
  return new Promise((resolve) => {
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      if (out.length > max) overflow();
    });
    child.stderr?.on('data', (chunk) => {
      err += chunk;
      if (err.length > max) overflow();
    });
    const cut = (why: Partial<RunResult>) => {
      killGroup(child.pid);
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      const kept = { stdout: out.slice(0, max), stderr: err.slice(0, max) };
      finish({ exitCode: null, ...kept, timedOut: false, startError: null, ...why });
    };
    const stop = () => cut({ timedOut: true });
    const overflow = () => cut({ overflowed: true });
    const timer = setTimeout(stop, options.timeoutMs);
    options.signal?.addEventListener('abort', stop, { once: true });
    const finish = (result: RunResult) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
      resolve(result);
    };
    child.then(
      (r) =>
        finish({
          exitCode: r.exitCode ?? null,
          stdout: r.stdout ?? '',
          stderr: r.stderr ?? '',
          timedOut: false,
          startError:
            r.exitCode === undefined && r.signal === undefined ? (r.shortMessage ?? 'cannot start') : null,
        }),
      (error: unknown) =>
        finish({ exitCode: null, stdout: out, stderr: err, timedOut: false, startError: String(error) }),
    );
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group ended by itself in the meantime.
  }
}
