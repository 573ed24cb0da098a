import type { HostFact, Process, Sandbox } from '../model/facts.ts';
import { ageOf } from './process.ts';

/** A runtime writes down a sandbox's time before the network is made, and starts its pause after that. */
const SLOWEST_START_MS = 600_000;
const CLOCKS_DIFFER_MS = 60_000;

/** Whether a file is older than that by its time. A time that lies in the future makes it young. */
export function isOldFile(host: HostFact, mtime: number, minAgeMs: number): boolean {
  return mtime <= host.now && host.now - mtime >= minAgeMs;
}

/**
 * Whether the wall clock was set since boot: then times of files tell no age. A ready sandbox shows it, whose time
 * by the wall clock is far from the start of its pause by the boot clock. `pauseOf` gives its live pause.
 */
export function clockWasSet(
  host: HostFact,
  sandboxes: readonly Sandbox[],
  pauseOf: (id: string) => Process | undefined,
): boolean {
  return sandboxes.some(({ id, state, provider, createdAt }) => {
    const pause = provider === undefined && state === 'ready' ? pauseOf(id) : undefined;
    if (pause === undefined) return false;
    const waited = host.now - ageOf(host, pause) - createdAt;
    return waited > SLOWEST_START_MS || waited < -CLOCKS_DIFFER_MS;
  });
}
