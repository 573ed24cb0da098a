import type { FactName } from '../model/facts.ts';
import { absent } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { nodeImageCollector } from './node-image.ts';

/** What follows from files alone. All else is of something that runs, and would be of the machine that looks. */
const FROM_FILES: readonly FactName[] = [
  'pauseVersions',
  'runtimeConfig',
  'cniConf',
  'cniPlugins',
  'kubeletConfig',
];

const NOTHING_RUNS = 'this is a node image: nothing runs in it';

/** The collectors for a node image: one of its own, and of those of what runs each looks at nothing and says so. */
export function forImage(collectors: readonly Collector[]): Collector[] {
  const others = collectors.map((collector) => {
    if (FROM_FILES.includes(collector.fact)) return collector;
    const { fact, summary, timeoutMs } = collector;
    return { fact, summary, timeoutMs, collect: () => absent(NOTHING_RUNS) };
  });
  return [nodeImageCollector, ...others];
}
