import { CONTAINER_RUNNING, SANDBOX_READY } from '../../cri/enums.ts';
import type { CriSession } from '../../cri/session.ts';
import { SandboxError } from '../error.ts';
import { shortId } from '../lookup.ts';

/** A sandbox of the node's runtime, as its list has it. */
export interface Pod {
  id: string;
  name: string;
  namespace: string;
  uid: string;
  attempt: number;
  ready: boolean;
}

export interface ListedContainer {
  id: string;
  name: string;
  attempt: number;
  running: boolean;
}

/** Throws RpcError. */
export async function listPods(session: CriSession): Promise<Pod[]> {
  const { items } = await session.call('ListPodSandbox', (c, options) =>
    c.runtime.listPodSandbox({}, options),
  );
  return items.map(({ id, metadata, state }) => ({
    id,
    name: metadata?.name ?? '',
    namespace: metadata?.namespace ?? '',
    uid: metadata?.uid ?? '',
    attempt: metadata?.attempt ?? 0,
    ready: state === SANDBOX_READY,
  }));
}

/** Throws RpcError. */
export async function listContainers(session: CriSession, pod: Pod): Promise<ListedContainer[]> {
  const { containers } = await session.call('ListContainers', (c, options) =>
    c.runtime.listContainers({}, options),
  );
  return containers
    .filter((c) => c.podSandboxId === pod.id)
    .map(({ id, metadata, state }) => ({
      id,
      name: metadata?.name ?? '',
      attempt: metadata?.attempt ?? 0,
      running: state === CONTAINER_RUNNING,
    }));
}

/**
 * The sandbox of that name, NAMESPACE/NAME, full id or beginning of an id; a name goes before an id, and one that
 * is ready before those that are not. Null when there is none. Throws SandboxError when several are meant.
 */
export function findPod(pods: readonly Pod[], wanted: string): Pod | null {
  const whole = pods.find((p) => p.id === wanted);
  if (whole) return whole;
  const named = pods.filter((p) => p.name === wanted || `${p.namespace}/${p.name}` === wanted);
  const begun = /^[0-9a-f]+$/.test(wanted) ? pods.filter((p) => p.id.startsWith(wanted)) : [];
  const ready = named.filter((p) => p.ready);
  const [only, ...others] = ready.length === 1 ? ready : named.length > 0 ? named : begun;
  if (only && others.length > 0) {
    const which = [only, ...others].map((p) => `${p.namespace}/${p.name} (${shortId(p.id)})`);
    throw new SandboxError('usage', `${wanted} means several: ${which.join(', ')}`, 'name one by its id');
  }
  return only ?? null;
}

/** The same; none is a SandboxError too. */
export function requirePod(pods: readonly Pod[], wanted: string): Pod {
  const found = findPod(pods, wanted);
  if (found) return found;
  throw new SandboxError(
    'usage',
    `the runtime has no sandbox ${JSON.stringify(wanted.slice(0, 80))}`,
    'crictl pods shows all',
  );
}
