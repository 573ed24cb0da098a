import type { Clients, CriSession } from '../cri/session.ts';
import { RpcError } from '../cri/session.ts';
import { storeRecords } from '../cri/store-records.ts';
import type { StoreRecord } from '../model/facts.ts';
import type { RemedyContext } from './context.ts';

/** Numbers of CRI's enums. */
const SANDBOX_READY = 0;
const CONTAINER_RUNNING = 1;
const CONTAINER_EXITED = 2;
const CONTAINER_UNKNOWN = 3;

/** What a runtime lists and records, read just now. */
export interface RuntimeWord {
  sandboxes: { id: string; uid: string; ready: boolean }[];
  containers: { id: string; sandboxId: string; running: boolean; exited: boolean; unknown: boolean }[];
  /** Of both kinds; none for a runtime that has no store of containerd's kind. */
  records: StoreRecord[];
  /** Ids in the sandbox store of containerd 2.x. */
  stored: string[];
}

/** Null for no runtime. Throws RpcError when it does not answer. */
export async function askRuntime(
  endpoint: string,
  { session }: Pick<RemedyContext, 'session'>,
): Promise<RuntimeWord> {
  if (endpoint === '') return { sandboxes: [], containers: [], records: [], stored: [] };
  const runtime = session(endpoint);
  const [sandboxes, containers, sandboxRecords, containerRecords, stored] = await Promise.all([
    runtime.call('ListPodSandbox', (c, o) => c.runtime.listPodSandbox({}, o)),
    runtime.call('ListContainers', (c, o) => c.runtime.listContainers({}, o)),
    whereItExists(async () => (await storeRecords(runtime, 'sandbox')).records),
    whereItExists(async () => (await storeRecords(runtime, 'container')).records),
    whereItExists(() => sandboxStore(runtime)),
  ]);
  return {
    sandboxes: sandboxes.items.map(({ id, state, metadata }) => ({
      id,
      uid: metadata?.uid ?? '',
      ready: state === SANDBOX_READY,
    })),
    containers: containers.containers.map(({ id, podSandboxId, state }) => ({
      id,
      sandboxId: podSandboxId,
      running: state === CONTAINER_RUNNING,
      exited: state === CONTAINER_EXITED,
      unknown: state === CONTAINER_UNKNOWN,
    })),
    records: [...(sandboxRecords ?? []), ...(containerRecords ?? [])],
    stored: stored ?? [],
  };
}

async function sandboxStore(runtime: CriSession): Promise<string[]> {
  const { list } = await runtime.call('sandbox Store/List', (c: Clients, o) => c.sandboxes.list({}, o));
  return list.map((one) => one.sandboxId);
}

async function whereItExists<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RpcError && error.failure.unimplemented) return null;
    throw error;
  }
}

/**
 * Who of a runtime knows an id; null when nobody does. A container that has ended holds nothing of its sandbox:
 * containerd lists it until it is restarted, although its record is gone.
 */
export function knownBy(word: RuntimeWord, id: string): string | null {
  if (word.sandboxes.some((s) => s.id === id)) return 'the runtime lists it';
  if (word.containers.some((c) => c.id === id)) return 'the runtime lists a container of this id';
  if (word.containers.some((c) => c.sandboxId === id && !c.exited))
    return 'the runtime lists a container of it';
  if (word.records.some((r) => r.id === id)) return 'there is a record of it';
  if (word.records.some((r) => r.sandboxId === id)) return 'there is a record of a container of it';
  return word.stored.includes(id) ? 'it is in the sandbox store' : null;
}
