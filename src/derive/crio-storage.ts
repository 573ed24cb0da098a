import type { CrioStorageFact, HostFact, Process, StoredSandbox } from '../model/facts.ts';
import { memo } from './memo.ts';
import { isAlive } from './process.ts';

/** Sandboxes of the storage that are old enough to be judged; one without a time is. */
export function storedSandboxes(
  { sandboxes }: CrioStorageFact,
  { now }: HostFact,
  minAgeMs: number,
): StoredSandbox[] {
  return sandboxes.filter(({ createdAt }) => now - createdAt >= minAgeMs);
}

/** Ids of containers that some live process is in, by its cgroup. */
export const inhabitedIds = memo(
  (processes: Process[]) => new Set(processes.filter(isAlive).flatMap((p) => p.containerId ?? [])),
);
