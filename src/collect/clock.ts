import type { ReadHost } from '../host/read-host.ts';

/** Unit of process start times on every Linux in use (AT_CLKTCK). */
export const TICKS_PER_SECOND = 100;

/** Wall clock of boot in milliseconds since 1970. Throws the system's error, or one that names the file. */
export function readBootTime(host: ReadHost): number {
  const match = /^btime (\d+)$/m.exec(host.readKernel('/proc/stat'));
  if (!match) throw new Error('/proc/stat has no line "btime"');
  return Number(match[1]) * 1000;
}
