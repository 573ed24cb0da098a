import { RpcError } from '../../cri/session.ts';
import { madeFrom } from '../../derive/made-from.ts';
import { witnessProcess, witnessProcesses } from '../../host/scan.ts';
import { RUNC_WAITS } from '../../model/process-facts.ts';
import { askRuntime } from '../owners.ts';
import { storedDigest } from '../stored-image.ts';
import type { GuardContext, GuardOf } from './index.ts';

export async function sandboxUnready(
  { endpoint, id }: GuardOf<'sandbox-unready'>,
  context: GuardContext,
): Promise<string | null> {
  const { sandboxes } = await askRuntime(endpoint, context);
  const ready = sandboxes.some((sandbox) => sandbox.id === id && sandbox.ready);
  return ready ? `sandbox ${id.slice(0, 13)} is ready` : null;
}

export async function sandboxDead(
  { endpoint, id }: GuardOf<'sandbox-dead'>,
  context: GuardContext,
): Promise<string | null> {
  const { sandboxes, containers } = await askRuntime(endpoint, context);
  const sandbox = sandboxes.find((one) => one.id === id);
  if (!sandbox) return `sandbox ${id.slice(0, 13)} is not listed any more`;
  if (sandbox.ready) return `sandbox ${id.slice(0, 13)} is ready again`;
  const running = containers.find((c) => c.sandboxId === id && c.running);
  if (running) return `container ${running.id.slice(0, 13)} of it runs`;
  const alive = witnessProcesses().find((process) => process.cgroup()?.includes(id));
  return alive ? `process ${alive.pid} (${alive.comm}) of it is alive` : null;
}

export async function containerIs(
  { endpoint, container, sandbox, state }: GuardOf<'container-is'>,
  context: GuardContext,
): Promise<string | null> {
  const { sandboxes, containers } = await askRuntime(endpoint, context);
  const short = container.slice(0, 13);
  const one = containers.find(({ id }) => id === container);
  if (!one) return `container ${short} is not listed any more`;
  if (!one[state]) return `container ${short} is not in the state ${state} any more: look again`;
  const isListed = sandboxes.some(({ id }) => id === sandbox && id === one.sandboxId);
  return isListed ? null : `sandbox ${sandbox.slice(0, 13)} of container ${short} is not listed`;
}

export async function neverBegan(
  { endpoint, container, process }: GuardOf<'never-began'>,
  context: GuardContext,
): Promise<string | null> {
  const { containers } = await askRuntime(endpoint, context);
  const one = containers.find(({ id }) => id === container);
  if (one && !one.exited) return `the runtime does not call container ${container.slice(0, 13)} exited`;
  const seen = witnessProcess(process.pid);
  if (seen?.startTicks !== process.startTicks) return null;
  const isIt = seen.comm === RUNC_WAITS && seen.cgroup()?.includes(container) === true;
  return isIt ? null : `process ${process.pid} (${seen.comm}) does not wait to begin any more`;
}

export async function noTask(
  { endpoint, container }: GuardOf<'no-task'>,
  { session }: GuardContext,
): Promise<string | null> {
  try {
    const { process } = await session(endpoint).call('Tasks/Get', (c, o) =>
      c.tasks.get({ containerId: container }, o),
    );
    return `${container.slice(0, 13)} has a task, process ${process?.pid ?? '?'}`;
  } catch (error) {
    if (!(error instanceof RpcError) || error.failure.notFound !== true) throw error;
    const alive = witnessProcesses().find((process) => process.cgroup()?.includes(container));
    return alive ? `process ${alive.pid} (${alive.comm}) of it is alive` : null;
  }
}

export async function imageIs(
  { endpoint, image, id }: GuardOf<'image-is'>,
  { session }: GuardContext,
): Promise<string | null> {
  const answer = await session(endpoint).call('ImageStatus', (c, o) =>
    c.image.imageStatus({ image: { image } }, o),
  );
  const now = answer.image?.id ?? null;
  return now === id ? null : `${image} is ${now ?? 'not here'}, and was ${id ?? 'not here'}: look again`;
}

export async function storedImageIs(
  guard: GuardOf<'stored-image-is'>,
  context: GuardContext,
): Promise<string | null> {
  const now = await storedDigest(guard, context);
  const { image, namespace, digest } = guard;
  return now === digest
    ? null
    : `${image} in namespace ${namespace} is ${now ?? 'gone'}, and was ${digest}: look again`;
}

/** What is unpacked of an image is used again while anything that was made from it is left. */
export async function imageUnused(
  { endpoint, image, id }: GuardOf<'image-unused'>,
  context: GuardContext,
): Promise<string | null> {
  const { image: now } = await context
    .session(endpoint)
    .call('ImageStatus', (c, o) => c.image.imageStatus({ image: { image } }, o));
  const names = [image, ...(now?.repoTags ?? []), ...(now?.repoDigests ?? [])];
  const { records } = await askRuntime(endpoint, context);
  const user = records.find((record) => madeFrom(record, names, id));
  return user
    ? `${user.kind} ${user.id.slice(0, 13)} was made from ${image}, or may have been: while it is left, what is damaged is used again`
    : null;
}
