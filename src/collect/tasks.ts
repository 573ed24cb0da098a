import { TASK_CREATED, TASK_PAUSED, TASK_PAUSING, TASK_RUNNING, TASK_STOPPED } from '../cri/enums.ts';
import type { Process as Listed } from '../cri/gen/tasks_pb.js';
import type { Task } from '../model/facts.ts';
import { complete } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { fromContainerd, RUNTIME_FACT_TIMEOUT_MS } from './from-runtime.ts';

const STATES: Record<number, Task['status']> = {
  [TASK_CREATED]: 'created',
  [TASK_RUNNING]: 'running',
  [TASK_STOPPED]: 'stopped',
  [TASK_PAUSED]: 'paused',
  [TASK_PAUSING]: 'paused',
};

/** What containerd says runs. It asks every shim, and one that is stopped holds it up: after all other calls. */
export const tasksCollector: Collector<'tasks'> = {
  fact: 'tasks',
  summary: "containerd's tasks of sandboxes and containers",
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime'],
  after: ['sandboxes', 'containers', 'images', 'store', 'storeContainers'],
  collect: (context) =>
    fromContainerd(context, async (session) => {
      const { tasks } = await session.call('Tasks/List', (clients, options) =>
        clients.tasks.list({}, options),
      );
      return complete(tasks.map(taskOf));
    }),
};

/** A task is listed by `id`; `container_id` is filled in answers about one process only. */
function taskOf({ id, containerId, pid, status }: Listed): Task {
  return { id: id || containerId, pid, status: STATES[status] ?? 'unknown' };
}
