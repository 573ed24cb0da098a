import fs from 'node:fs';
import type { CanaryTarget } from '../../derive/canary-target.ts';
import {
  type CanaryTraces,
  leftOf,
  OWN_TRACE_FACTS,
  TRACE_FACTS,
  unseenOf,
} from '../../derive/canary-traces.ts';
import { monotonicMs } from '../../host/process.ts';
import type { CanaryRun, CanaryStep } from '../../model/canary-facts.ts';
import type { FactName, Facts } from '../../model/facts.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Workshop } from '../workshop.ts';
import { since } from './course.ts';

/** What canaries are made with. */
export interface CanaryScene {
  shop: Workshop;
  target: CanaryTarget;
  /** Of the sandbox, the runtime's and podctl's own alike. */
  name: string;
  hasKubelet: boolean;
  /** Aborts when it was interrupted, or when only the time for taking things away is left. */
  signal: AbortSignal;
  /** Aborts when that is over, too. */
  end: AbortSignal;
  /** Until `signal` aborts, and until `end` does. */
  leftMs(phase: 'work' | 'all'): number;
  /** Looks at the node anew. */
  lookAgain(names: readonly FactName[]): Promise<Partial<{ [N in FactName]: Outcome<Facts[N]> }>>;
}

const LABEL = 'podctl/canary';

/** Marks a sandbox as a canary's; the name says whose. */
export const CANARY_LABELS: Record<string, string> = { [LABEL]: 'true' };

export function isCanary(labels: Record<string, string>): boolean {
  return labels[LABEL] === 'true';
}

/** A run of which nothing was done. */
export function blankRun(maker: CanaryRun['maker'], { target, name }: CanaryScene): CanaryRun {
  const isRuntime = maker === 'runtime';
  return {
    maker,
    endpoint: isRuntime ? target.endpoint : '',
    name,
    sandboxId: '',
    network: target.network.name,
    image: isRuntime ? target.image : '',
    skipped: '',
    networkUnjudged:
      target.asksApiServer === ''
        ? ''
        : `${target.asksApiServer} asks the API server about every pod, and a canary is no pod there`,
    steps: [],
    stage: '',
    endedByKubelet: false,
    left: [],
    ms: 0,
  };
}

const CLEAN = 'no pin, reservation, cached result, link, cgroup or process';
const TRIES = 5;
const PAUSE_MS = 300;

/** Looks for traces until there are none, or enough time has passed for what ends by itself. */
export async function seekTraces(
  scene: CanaryScene,
  maker: CanaryRun['maker'],
  traces: CanaryTraces,
  folders: readonly string[],
): Promise<{ left: string[]; step: CanaryStep }> {
  const begun = monotonicMs();
  const names = maker === 'runtime' ? TRACE_FACTS : OWN_TRACE_FACTS;
  let left: string[] = [];
  let unseen: string[] = [];
  for (let round = 0; round < TRIES && !scene.end.aborted; round += 1) {
    const cgroups = folders.filter((folder) => fs.existsSync(folder)).map((folder) => `cgroup ${folder}`);
    const facts = await scene.lookAgain(names);
    left = [...leftOf(facts, traces), ...cgroups];
    unseen = unseenOf(facts, names);
    if (left.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const isBlind = left.length === 0 && unseen.length > 0;
  const clean = isBlind ? `could not be seen: ${unseen.join(', ')}` : CLEAN;
  const note = left.length === 0 ? clean : left.join(', ');
  const status = left.length > 0 ? 'failed' : isBlind ? 'unjudged' : 'done';
  return { left, step: { name: NOTHING_LEFT, part: 'sandbox', status, ms: since(begun), note } };
}

export const NOTHING_LEFT = 'nothing left';
