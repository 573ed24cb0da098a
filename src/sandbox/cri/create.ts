import type { PodConfig } from '../../model/pod-config.ts';
import { SandboxError } from '../error.ts';
import { shortId } from '../lookup.ts';
import { step } from '../steps.ts';
import { type CriShop, change } from './change.ts';
import { listPods, type Pod } from './pods.ts';

/** Has the runtime make a sandbox; gives it as the runtime lists it. Throws SandboxError and RpcError. */
export async function makePod(shop: CriShop, config: PodConfig): Promise<Pod> {
  const { name, namespace } = config.metadata;
  const before = await listPods(shop.session);
  const taken = before.find((p) => p.name === name && p.namespace === namespace);
  if (taken)
    throw new SandboxError(
      'usage',
      `the name ${name} is in use by sandbox ${shortId(taken.id)} of the runtime (namespace ${namespace})`,
      `podctl sandbox rm --via cri ${name}, or take another name`,
    );
  const failure = await change(shop, 'create', `sandbox ${name}`, [
    step({ kind: 'run-sandbox', endpoint: shop.session.endpoint, config }, 'it was asked for'),
  ]);
  if (failure !== null) throw new SandboxError('failed', `sandbox ${name} could not be made: ${failure}`);
  const { uid, attempt } = config.metadata;
  const made = (await listPods(shop.session)).find(
    (p) => p.name === name && p.namespace === namespace && p.uid === uid && p.attempt === attempt,
  );
  if (!made)
    throw new SandboxError('failed', `sandbox ${name} was made, and is gone again`, 'crictl pods shows all');
  return made;
}
