import { parseMountinfo } from '../../host/mountinfo.ts';
import type { ReadHost } from '../../host/read-host.ts';
import type { DeadMount } from '../../model/facts.ts';
import { mayHang } from '../limits/mount-of.ts';

const MOST_MOUNTS = 32;
/** An automounter answers for itself, by mounting something else. */
const REMOTE = { has: (fsType: string) => fsType !== 'autofs' && mayHang(fsType) };
const POD = /\/pods\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\//;

/** Mounts that somebody else must answer for, those of pods first. */
export function remoteMounts(mountinfo: string): DeadMount[] {
  const found = new Map<string, DeadMount>();
  for (const { mountPoint, fsType } of parseMountinfo(mountinfo, REMOTE)) {
    if (!mountPoint.startsWith('/')) continue;
    found.set(mountPoint, { mountPoint, fsType, podUid: POD.exec(mountPoint)?.[1] ?? null });
  }
  const all = [...found.values()];
  return [...all.filter((m) => m.podUid !== null), ...all.filter((m) => m.podUid === null)].slice(
    0,
    MOST_MOUNTS,
  );
}

/**
 * Those that do not answer in time. A program asks, never podctl itself: who waits for a dead server may wait for
 * ever, and with him all that he has to do.
 */
export async function deadMounts(
  host: ReadHost,
  mounts: readonly DeadMount[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<DeadMount[]> {
  const answers = await Promise.all(
    mounts.map(({ mountPoint }) =>
      host.run('stat', ['-f', '-c', '%T', '--', mountPoint], { timeoutMs, signal, maxOutput: 1024 }),
    ),
  );
  return mounts.filter((_, i) => answers[i]?.timedOut === true);
}
