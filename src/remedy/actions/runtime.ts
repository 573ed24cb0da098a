import { type CriSession, RpcError } from '../../cri/session.ts';
import { witnessProcesses } from '../../host/scan.ts';
import type { ActionContext, Done } from '../context.ts';
import { hasTask } from '../gone.ts';
import { askRuntime } from '../owners.ts';
import type { ActionOf } from './records.ts';

const SIGKILL = 9;
const POLL_MS = 50;

/** Ends its containers and takes its network down. One that is not listed is never asked for: see the hazards. */
export async function stopSandbox(
  { endpoint, sandbox }: ActionOf<'stop-sandbox'>,
  context: ActionContext,
): Promise<Done> {
  if (!(await isListed(endpoint, sandbox, context))) return 'nothing';
  await context
    .session(endpoint)
    .call('StopPodSandbox', (c, o) =>
      c.runtime.stopPodSandbox({ podSandboxId: sandbox }, { ...o, timeoutMs: context.timeoutMs }),
    );
  return 'done';
}

/** That the runtime says "removed" proves nothing: the list and the processes are looked at. */
export async function removeSandbox(
  { endpoint, sandbox }: ActionOf<'remove-sandbox'>,
  context: ActionContext,
): Promise<Done> {
  if (!(await isListed(endpoint, sandbox, context))) return 'nothing';
  await context
    .session(endpoint)
    .call('RemovePodSandbox', (c, o) =>
      c.runtime.removePodSandbox({ podSandboxId: sandbox }, { ...o, timeoutMs: context.timeoutMs }),
    );
  const short = sandbox.slice(0, 13);
  if (await isListed(endpoint, sandbox, context))
    throw new Error(`the runtime said that ${short} is removed, and lists it still; see its log`);
  const left = witnessProcesses().find((process) => process.cgroup()?.includes(sandbox));
  if (left)
    throw new Error(
      `the runtime forgot ${short}, but process ${left.pid} of it runs on; podctl gc sandboxes`,
    );
  return 'done';
}

/** Kills all that is in it, waits for its end and deletes it. */
export async function endTask(
  { endpoint, container }: ActionOf<'end-task'>,
  context: ActionContext,
): Promise<Done> {
  if (!(await hasTask(endpoint, container, context))) return 'nothing';
  const session = context.session(endpoint);
  await unlessGone(() =>
    session.call('Tasks/Kill', (c, o) =>
      c.tasks.kill({ containerId: container, execId: '', signal: SIGKILL, all: true }, o),
    ),
  );
  let why = 'it does not end; see /proc/PID/wchan of its process';
  while (await hasTask(endpoint, container, context)) {
    if (await isStopped(session, container)) why = (await deleteTask(session, container)) ?? why;
    if (context.signal.aborted)
      throw new Error(`the task of ${container.slice(0, 13)} cannot be ended: ${why}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return 'done';
}

/** CRI may be at it as well, as soon as it hears of the exit: who comes second fails. Null, or why it failed. */
async function deleteTask(session: CriSession, container: string): Promise<string | null> {
  try {
    await session.call('Tasks/Delete', (c, o) => c.tasks.delete({ containerId: container }, o));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The record of containerd's store, and that of its sandbox store where there is one. */
export async function deleteStoreRecord(
  { endpoint, container }: ActionOf<'delete-store-record'>,
  context: ActionContext,
): Promise<Done> {
  const { records, stored } = await askRuntime(endpoint, context);
  const found = records.find(({ id }) => id === container);
  const isStored = stored.includes(container);
  if (!found && !isStored) return 'nothing';
  const session = context.session(endpoint);
  if (found) {
    context.keep({
      kind: 'record',
      id: container,
      where: `containerd's store at ${endpoint}`,
      record: { ...found },
    });
    await unlessGone(() =>
      session.call('Containers/Delete', (c, o) => c.containers.delete({ id: container }, o)),
    );
  }
  if (isStored)
    await unlessGone(() =>
      session.call('sandbox Store/Delete', (c, o) => c.sandboxes.delete({ sandboxId: container }, o)),
    );
  return 'done';
}

async function isListed(endpoint: string, sandbox: string, context: ActionContext): Promise<boolean> {
  const { sandboxes } = await askRuntime(endpoint, context);
  return sandboxes.some(({ id }) => id === sandbox);
}

/** Number of containerd's status STOPPED. */
const STOPPED = 3;

async function isStopped(session: CriSession, container: string): Promise<boolean> {
  const answer = await unlessGone(() =>
    session.call('Tasks/Get', (c, o) => c.tasks.get({ containerId: container }, o)),
  );
  return answer?.process?.status === STOPPED;
}

async function unlessGone<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RpcError && error.failure.notFound === true) return null;
    throw error;
  }
}
