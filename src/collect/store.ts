import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Container as Stored } from '../cri/gen/store_pb.js';
import { type Process as Task, Status as TaskStatus } from '../cri/gen/tasks_pb.js';
import { type CriSession, RpcError } from '../cri/session.ts';
import type { StoreFact, StoreRecord } from '../model/facts.ts';
import { absent, complete, type Problem, problem } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { fromRuntime, RUNTIME_FACT_TIMEOUT_MS } from './from-runtime.ts';
import { NO_METADATA, type StoreMetadata, storeMetadata } from './store-metadata.ts';

const KIND = 'io.cri-containerd.kind';

const TASK_STATES: Record<number, StoreFact['tasks'][number]['status']> = {
  [TaskStatus.CREATED]: 'created',
  [TaskStatus.RUNNING]: 'running',
  [TaskStatus.STOPPED]: 'stopped',
  [TaskStatus.PAUSED]: 'paused',
  [TaskStatus.PAUSING]: 'paused',
};

/** containerd's own records of CRI's objects, through its API: the second witness beside CRI's lists. */
export const storeCollector: Collector<'store'> = {
  fact: 'store',
  summary: "containerd's own records of sandboxes, containers and tasks",
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime'],
  after: ['sandboxes', 'containers'],
  collect: (context) =>
    fromRuntime(context, async (session, { name }) => {
      if (name !== 'containerd') return absent(`${name} has no store of containerd's kind`);
      const [stored, tasks, sandboxes] = await Promise.all([
        session.call('Containers/List', (clients, options) =>
          clients.containers.list({ filters: [`labels."${KIND}"`] }, options),
        ),
        session.call('Tasks/List', (clients, options) => clients.tasks.list({}, options)),
        sandboxIds(session),
      ]);
      const problems: Problem[] = [];
      const records = stored.containers.map((record) => recordOf(record, problems));
      return complete({ records, tasks: tasks.tasks.map(taskOf), sandboxes }, problems);
    }),
};

/** Null where the service does not exist: before containerd 1.7. */
async function sandboxIds(session: CriSession): Promise<string[] | null> {
  try {
    const { list } = await session.call('sandbox Store/List', (clients, options) =>
      clients.sandboxes.list({}, options),
    );
    return list.map((s) => s.sandboxId);
  } catch (error) {
    if (error instanceof RpcError && error.failure.unimplemented) return null;
    throw error;
  }
}

function recordOf(stored: Stored, problems: Problem[]): StoreRecord {
  const kind = stored.labels[KIND] === 'sandbox' ? 'sandbox' : 'container';
  const metadata = metadataOf(stored, kind, problems);
  return {
    id: stored.id,
    kind,
    ...metadata,
    sandboxId: metadata.sandboxId ?? (stored.sandbox || null),
    image: stored.image,
    createdAt: timeOf(stored.createdAt),
  };
}

function metadataOf(stored: Stored, kind: StoreRecord['kind'], problems: Problem[]): StoreMetadata {
  const extension = `io.cri-containerd.${kind}.metadata`;
  const any = stored.extensions[extension];
  try {
    if (!any) throw new Error('it is missing');
    return storeMetadata(any.value, kind);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `containerd's record of ${kind} ${stored.id} has unreadable CRI metadata (${extension}): ${why}`;
    problems.push(problem('malformed', message, stored.id));
    return NO_METADATA;
  }
}

/** A task is listed by `id`; `container_id` is filled in answers about one process only. */
function taskOf(task: Task): StoreFact['tasks'][number] {
  return { id: task.id || task.containerId, pid: task.pid, status: TASK_STATES[task.status] ?? 'unknown' };
}

function timeOf(time: Timestamp | undefined): number {
  return time ? Number(time.seconds) * 1000 + Math.floor(time.nanos / 1_000_000) : 0;
}
