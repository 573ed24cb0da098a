import type { Pin } from '../model/facts.ts';
import type { NsId, NsType } from '../model/namespace.ts';
import { runPath } from './process.ts';
import type { SandboxView } from './sandbox-view.ts';

/** What every container of a sandbox shares with it, whatever the container itself asks for. */
export const SHARED_WITH_SANDBOX: readonly NsType[] = ['net', 'ipc', 'uts'];

/** The namespaces of a sandbox, and where each can be seen. */
export type Anchors = Map<NsType, { id: NsId; at: string }>;

/** Where each namespace of the sandbox can be seen: in its pause, else (no pause, as with CRI-O) in its pins. */
export function anchorsOf({ pause, bundle, record }: SandboxView, held: Map<string, Pin>): Anchors {
  const anchors: Anchors = new Map();
  const recorded: Partial<Record<NsType, string>> = {
    ...bundle?.namespaces,
    ...(record?.netnsPath ? { net: record.netnsPath } : {}),
  };
  for (const type of [...SHARED_WITH_SANDBOX, 'pid'] as const) {
    const ofPause = pause?.ns[type] ?? null;
    const path = runPath(recorded[type] ?? '');
    const pinned = held.get(path)?.ns ?? null;
    if (ofPause !== null) anchors.set(type, { id: ofPause, at: `/proc/${pause?.pid}/ns/${type}` });
    else if (pinned !== null) anchors.set(type, { id: pinned, at: path });
  }
  return anchors;
}
