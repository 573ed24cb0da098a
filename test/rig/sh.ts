import { execFile } from 'node:child_process';

export interface ShOptions {
  env?: Record<string, string>;
  timeoutMs?: number;
  cwd?: string;
  /** What an error calls the command; default: the whole of it. */
  as?: string;
}

/** Runs a program without a shell and gives its stdout. A failure names the command and what it said. */
export function sh(file: string, args: string[], options: ShOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = {
      timeout: options.timeoutMs ?? 120_000,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 64 * 1024 * 1024,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
    };
    execFile(file, args, settings, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else
        reject(
          new Error(`${options.as ?? [file, ...args].join(' ')}: ${lastLines(stderr) || error.message}`),
        );
    });
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join(' | ');
}
