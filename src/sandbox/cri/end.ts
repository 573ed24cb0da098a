import path from 'node:path';
import { SandboxError } from '../error.ts';
import { type Draft, step } from '../steps.ts';
import { type CriShop, change } from './change.ts';
import { type ListedContainer, listContainers, type Pod } from './pods.ts';

/** Ends a sandbox's containers and gives its network back; the runtime keeps its record. Gives why not, or null. */
export async function stopPod(shop: CriShop, pod: Pod, graceMs: number): Promise<string | null> {
  const containers = await listContainers(shop.session, pod);
  return change(shop, 'stop', `sandbox ${pod.name}`, stopSteps(shop, pod, containers, graceMs));
}

/** Removes a sandbox with its containers and logs; gives why not, or null. Throws SandboxError unless it is quiet. */
export async function removePod(
  shop: CriShop,
  pod: Pod,
  { force, graceMs }: { force: boolean; graceMs: number },
): Promise<string | null> {
  const containers = await listContainers(shop.session, pod);
  const running = containers.filter((c) => c.running).map((c) => c.name);
  if (running.length > 0 && !force)
    throw new SandboxError(
      'usage',
      `${running.slice(0, 3).join(', ')}${running.length > 3 ? ' and others' : ''} run in sandbox ${pod.name}`,
      `podctl sandbox rm -f --via cri ${pod.name}`,
    );
  const logs = path.join(shop.logs, pod.id);
  return change(shop, 'remove', `sandbox ${pod.name}`, [
    ...stopSteps(shop, pod, containers, graceMs),
    step({ kind: 'remove-sandbox', endpoint: shop.session.endpoint, sandbox: pod.id }, 'it is to go'),
    step({ kind: 'remove-pod-logs', folder: logs }, 'nobody finds them any more'),
  ]);
}

function stopSteps(
  { session: { endpoint } }: CriShop,
  pod: Pod,
  listed: readonly ListedContainer[],
  graceMs: number,
): Draft[] {
  const containers = listed.filter((c) => c.running).map((c) => c.id);
  return [
    ...(containers.length === 0
      ? []
      : [step({ kind: 'stop-containers', endpoint, containers, graceMs }, 'they may end in order')]),
    step({ kind: 'stop-sandbox', endpoint, sandbox: pod.id }, 'its network is taken down while it is there'),
  ];
}
