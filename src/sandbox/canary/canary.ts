import fs from 'node:fs';
import type { CanaryFact } from '../../model/canary-facts.ts';
import { complete, type Gathered, partial, problem } from '../../model/outcome.ts';
import { canaryOfOurOwn } from './own.ts';
import { logsOf } from './runtime.ts';
import type { CanaryScene } from './scene.ts';
import { sweepCanaries } from './sweep.ts';
import { canaryThroughRuntime } from './through-runtime.ts';

/**
 * Makes a sandbox through the runtime and one by podctl itself, looks whether each is what a pod may count on, and
 * takes both away. Interrupted, or when its time is over, it takes away what it has and tells what it saw.
 */
export async function flyCanaries(scene: CanaryScene): Promise<Gathered<CanaryFact>> {
  const swept = await sweepCanaries(scene);
  try {
    const runs = [await canaryThroughRuntime(scene)];
    if (!scene.signal.aborted) runs.push(await canaryOfOurOwn(scene));
    if (!scene.signal.aborted) return complete({ runs, swept });
    const left = runs.flatMap((run) => run.left);
    const rest = left.length === 0 ? 'all of it is taken away' : `left: ${left.join(', ')}`;
    return partial({ runs, swept }, [problem('unavailable', `the canary was cut short; ${rest}`)]);
  } finally {
    fs.rmSync(logsOf(scene.shop.state.root, scene.name), { recursive: true, force: true });
  }
}
