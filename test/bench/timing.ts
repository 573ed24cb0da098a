import { execFile } from 'node:child_process';

/** Milliseconds of one run: on the clock, and of the processors, children that were waited for included. */
export interface Cost {
  wall: number;
  /** user + system */
  cpu: number;
}

/** What node costs with these arguments. Throws with what it said when it fails. */
export function costOf(args: string[]): Promise<Cost> {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null';
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', script, 'bash', process.execPath, ...args], (error, _, stderr) => {
      const times = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map((text) => Number(text) * 1000);
      const [wall, user, system] = times;
      if (error || wall === undefined || user === undefined || system === undefined)
        reject(error ?? new Error(stderr));
      else resolve({ wall, cpu: user + system });
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export const inMs = (value: number) => `${value.toFixed(0)} ms`;

/** Prints rows in columns as wide as their widest cell. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of rows)
    console.log(
      row
        .map((cell, i) => cell.padEnd((widths[i] ?? 0) + 2))
        .join('')
        .trimEnd(),
    );
}
