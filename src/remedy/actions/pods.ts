import fs from 'node:fs';
import path from 'node:path';
import { type PodContainer, podLogName } from '../../model/pod-config.ts';
import type { ActionContext, Done } from '../context.ts';
import type { ActionOf } from './records.ts';

const SECOND = 1000;

export async function runSandbox(
  { endpoint, config }: ActionOf<'run-sandbox'>,
  context: ActionContext,
): Promise<Done> {
  await context
    .session(endpoint)
    .call('RunPodSandbox', (c, options) => c.runtime.runPodSandbox({ config }, options), context.timeoutMs);
  return 'done';
}

/** The runtime does not make the folder of the log. */
export async function startPodContainer(
  { endpoint, container }: ActionOf<'start-pod-container'>,
  context: ActionContext,
): Promise<Done> {
  const session = context.session(endpoint);
  const { timeoutMs } = context;
  fs.mkdirSync(container.pod.logDirectory, { recursive: true, mode: 0o700 });
  const { containerId } = await session.call(
    'CreateContainer',
    (c, options) => c.runtime.createContainer(creation(container), options),
    timeoutMs,
  );
  try {
    await session.call(
      'StartContainer',
      (c, options) => c.runtime.startContainer({ containerId }, options),
      timeoutMs,
    );
  } catch (error) {
    await session.call('RemoveContainer', (c, options) =>
      c.runtime.removeContainer({ containerId }, options),
    );
    fs.rmSync(path.join(container.pod.logDirectory, podLogName(container)), { force: true });
    throw error;
  }
  return 'done';
}

function creation(container: PodContainer) {
  const { sandboxId, name, attempt, image, command, cwd, env, pod } = container;
  const { namespaceOptions } = pod.linux.securityContext;
  return {
    podSandboxId: sandboxId,
    sandboxConfig: pod,
    config: {
      metadata: { name, attempt },
      image: { image },
      command,
      workingDir: cwd,
      envs: env.map(({ name: key, value }) => ({ key, value: Buffer.from(value) })),
      logPath: podLogName(container),
      linux: { securityContext: { namespaceOptions } },
    },
  };
}

export async function stopContainers(
  { endpoint, containers, graceMs }: ActionOf<'stop-containers'>,
  context: ActionContext,
): Promise<Done> {
  const session = context.session(endpoint);
  const timeout = BigInt(Math.ceil(graceMs / SECOND));
  await Promise.all(
    containers.map((containerId) =>
      session.call(
        'StopContainer',
        (c, options) => c.runtime.stopContainer({ containerId, timeout }, options),
        context.timeoutMs,
      ),
    ),
  );
  return 'done';
}

export async function removeContainer(
  { endpoint, container: containerId, log }: ActionOf<'remove-container'>,
  context: ActionContext,
): Promise<Done> {
  await context
    .session(endpoint)
    .call(
      'RemoveContainer',
      (c, options) => c.runtime.removeContainer({ containerId }, options),
      context.timeoutMs,
    );
  if (log !== '') fs.rmSync(log, { force: true });
  return 'done';
}

export function removePodLogs({ folder }: ActionOf<'remove-pod-logs'>): Done {
  const isThere = fs.existsSync(folder);
  fs.rmSync(folder, { recursive: true, force: true });
  return isThere ? 'done' : 'nothing';
}
