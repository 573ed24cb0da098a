import path from 'node:path';
import type { CriSession } from '../../cri/session.ts';
import { NAMESPACE_MODES, type PodConfig } from '../../model/pod-config.ts';
import { isObject } from '../../model/shape.ts';
import { SandboxError } from '../error.ts';
import { step } from '../steps.ts';
import { type CriShop, change } from './change.ts';
import { type ListedContainer, listContainers, type Pod } from './pods.ts';

/** What the user asked for. */
export interface WantedPodContainer {
  name: string;
  image: string;
  /** Empty: what the image says. */
  command: string[];
  /** '' for that of the image. */
  cwd: string;
  env: { name: string; value: string }[];
}

/** Starts a container in a sandbox of the runtime, its image pulled where it is missing. Throws SandboxError, RpcError. */
export async function startInPod(
  shop: CriShop,
  pod: Pod,
  wanted: WantedPodContainer,
): Promise<ListedContainer> {
  if (!pod.ready)
    throw new SandboxError(
      'usage',
      `sandbox ${pod.name} is not ready`,
      `podctl sandbox rm --via cri ${pod.name}`,
    );
  const { session } = shop;
  const same = (await listContainers(session, pod)).filter((c) => c.name === wanted.name);
  if (same.some((c) => c.running))
    throw new SandboxError(
      'usage',
      `container ${wanted.name} runs in sandbox ${pod.name} already`,
      'take another --name',
    );
  const attempt = Math.max(-1, ...same.map((c) => c.attempt)) + 1;
  const { image } = wanted;
  const { endpoint } = session;
  const config = await configOf(session, pod, path.join(shop.logs, pod.id));
  const container = { ...wanted, sandboxId: pod.id, attempt, pod: config };
  const failure = await change(shop, 'run', `sandbox ${pod.name}`, [
    step({ kind: 'pull-image', endpoint, image }, 'it may be missing'),
    step({ kind: 'start-pod-container', endpoint, container }, 'it was asked for'),
  ]);
  if (failure !== null)
    throw new SandboxError('failed', `container ${wanted.name} could not be started: ${failure}`);
  const made = (await listContainers(session, pod)).find(
    (c) => c.name === wanted.name && c.attempt === attempt,
  );
  if (!made) throw new SandboxError('failed', `container ${wanted.name} was started, and is gone again`);
  return made;
}

/**
 * The configuration of a sandbox that is there, which a runtime wants again with each container. Its logs go into a
 * folder of ours: where another one keeps the sandbox's, he does not know of this container.
 */
async function configOf(session: CriSession, pod: Pod, logDirectory: string): Promise<PodConfig> {
  const { status, info } = await session.call('PodSandboxStatus', (c, options) =>
    c.runtime.podSandboxStatus({ podSandboxId: pod.id, verbose: true }, options),
  );
  const { id: _, ready: __, ...metadata } = pod;
  const modes = status?.linux?.namespaces?.options;
  return {
    metadata,
    hostname: hostnameOf(info),
    logDirectory,
    portMappings: [],
    labels: {},
    annotations: status?.annotations ?? {},
    linux: {
      cgroupParent: '',
      sysctls: {},
      securityContext: {
        privileged: false,
        namespaceOptions: {
          network: modes?.network ?? NAMESPACE_MODES.POD,
          pid: modes?.pid ?? NAMESPACE_MODES.CONTAINER,
          ipc: modes?.ipc ?? NAMESPACE_MODES.POD,
        },
      },
    },
  };
}

/** Runtimes show the OCI configuration of the pause in verbose answers. */
function hostnameOf(info: Record<string, string>): string {
  try {
    const value: unknown = JSON.parse(info.info ?? '');
    const spec = isObject(value) ? value.runtimeSpec : undefined;
    return isObject(spec) && typeof spec.hostname === 'string' ? spec.hostname : '';
  } catch {
    return '';
  }
}
