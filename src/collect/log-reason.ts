import type { CollectContext } from './collector.ts';
import { knownValue } from './known-value.ts';
import { sandboxImageListed } from './sandbox-image-listed.ts';

/** A sandbox that takes longer takes too long. */
const WAITS_MS = 30_000;

/**
 * What on this node calls for a look into the journal, which costs more than all other facts; null when nothing does.
 * A fact that nobody asked for calls for nothing.
 */
export function whyToAskJournal({ known }: Pick<CollectContext, 'known'>): string | null {
  const runtime = known('runtime');
  if (runtime === undefined || runtime.status === 'failed') return 'the runtime did not answer';
  if (runtime.status === 'absent') return null;
  if (runtime.value.conditions.some((condition) => !condition.status))
    return 'the runtime says that it is not ready';
  const { reference, image } = sandboxImageListed({ known });
  if (reference !== null && image === undefined && known('images')?.status === 'complete')
    return 'the sandbox image is not listed by its name';
  const sandboxes = knownValue(known('sandboxes'));
  if (sandboxes?.some((s) => s.state === 'notready' && s.provider === undefined))
    return 'a sandbox is not ready';
  if (sandboxes && isWaiting(known, new Set(sandboxes.map((s) => s.uid)))) return 'a pod has no sandbox';
  const listed = new Set(sandboxes?.map((s) => s.id));
  const store = sandboxes && knownValue(known('store'));
  const stored = [...(store?.records.map((r) => r.id) ?? []), ...(store?.sandboxes ?? [])];
  if (stored.some((id) => !listed.has(id))) return 'a sandbox is recorded and not listed';
  const calls = knownValue(known('processes'))?.some((process) => process.cni !== null);
  return calls ? 'a CNI plugin runs' : null;
}

/** kubelet makes a pod's folder before it asks for a sandbox: one that waits has the folder alone. */
function isWaiting(known: CollectContext['known'], uids: ReadonlySet<string>): boolean {
  const now = knownValue(known('host'))?.now ?? 0;
  const folders = knownValue(known('podOwners'))?.folders ?? [];
  return folders.some(({ uid, mtime }) => now - mtime > WAITS_MS && !uids.has(uid));
}
