import fs from 'node:fs';
import path from 'node:path';
import { CANARY_NAMESPACE, canaryMaker } from '../../derive/canary-name.ts';
import { isRunning } from '../../host/process.ts';
import { removePod } from '../cri/end.ts';
import { listRecords } from '../records.ts';
import { takeDown } from '../take-down.ts';
import { withSandbox } from '../workshop.ts';
import { logsOf, withRuntimeShop } from './runtime.ts';
import { CANARY_LABELS, type CanaryScene, isCanary } from './scene.ts';

/** Takes away what canaries left that were killed; gives what, in words. What cannot be taken away stays for the next. */
export async function sweepCanaries(scene: CanaryScene): Promise<string[]> {
  const swept = [...(await sweepOwn(scene)), ...(scene.target.answers ? await sweepPods(scene) : [])];
  const folder = path.dirname(logsOf(scene.shop.state.root, scene.name));
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : [])
    if (isOrphan(name)) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  return swept;
}

async function sweepOwn({ shop }: CanaryScene): Promise<string[]> {
  const orphans = listRecords(shop.state).records.filter((r) => isCanary(r.spec.labels) && isOrphan(r.name));
  const swept: string[] = [];
  for (const record of orphans) {
    const force = record.bootId !== shop.bootId;
    const { failure } = await withSandbox(shop, record, () => takeDown(shop, record.id, { force }));
    if (failure === null) swept.push(`podctl's sandbox ${record.name}`);
  }
  return swept;
}

/** By label, namespace and name: nobody else's pods have all three. */
async function sweepPods(scene: CanaryScene): Promise<string[]> {
  try {
    return await withRuntimeShop(scene, 'work', async (shop) => {
      const { items } = await shop.session.call('ListPodSandbox', (c, o) =>
        c.runtime.listPodSandbox({ filter: { labelSelector: CANARY_LABELS } }, o),
      );
      const swept: string[] = [];
      for (const { id, metadata } of items) {
        const { name = '', namespace = '', uid = '', attempt = 0 } = metadata ?? {};
        if (namespace !== CANARY_NAMESPACE || !isOrphan(name)) continue;
        const pod = { id, name, namespace, uid, attempt, ready: false };
        const failure = await removePod(shop, pod, { force: true, graceMs: 1000 });
        if (failure === null) swept.push(`the runtime's sandbox ${name}`);
      }
      return swept;
    });
  } catch {
    // A runtime that does not answer is told of by the canary's first step.
    return [];
  }
}

function isOrphan(name: string): boolean {
  const maker = canaryMaker(name);
  return maker !== null && !isRunning(maker);
}
