import { type Track, trackReads } from '../host/track.ts';
import type { FactName, Facts } from '../model/facts.ts';
import type { Gathered, Outcome } from '../model/outcome.ts';
import type { CollectContext, Collector } from './collector.ts';

/**
 * Facts that are made of files and of other facts alone. While these are as they were, so is the fact: it is not
 * made again. The others (processes, mounts, cgroups, what the runtime says) change without a trace.
 */
const OF_FILES: readonly FactName[] = [
  'pauseVersions',
  'runtimeConfig',
  'cniConf',
  'cniPlugins',
  'cniAgents',
  'cniCache',
  'kubelet',
  'kubeletConfig',
];

interface Memory {
  gathered: Gathered<Facts[FactName]>;
  track: Track;
  asked: Map<FactName, AnyOutcome>;
}

type AnyOutcome = Outcome<Facts[FactName]> | undefined;

/** The same collectors for a run that looks many times: what cannot have changed is not read again. */
export function remembering(all: readonly Collector[]): readonly Collector[] {
  return all.map((collector) => (OF_FILES.includes(collector.fact) ? withMemory(collector) : collector));
}

function withMemory(collector: Collector): Collector {
  let memory: Memory | null = null;
  return {
    ...collector,
    async collect(context) {
      if (memory && isStill(memory, context)) return memory.gathered;
      memory = null;
      const track = trackReads(context.host);
      const asked: Memory['asked'] = new Map();
      let isTold = false;
      const gathered = await collector.collect({
        ...context,
        host: track.host,
        known: <N extends FactName>(name: N) => {
          const outcome = context.known(name);
          asked.set(name, outcome);
          return outcome;
        },
        session(endpoint) {
          isTold = true;
          return context.session(endpoint);
        },
      });
      if (isWhole(gathered) && !isTold && !context.signal.aborted) memory = { gathered, track, asked };
      return gathered;
    },
  };
}

/** What failed or is in part may be better the next time, for reasons that nothing shows. */
function isWhole(gathered: Gathered<unknown>): boolean {
  return gathered.status === 'absent' || (gathered.status === 'complete' && !gathered.problems?.length);
}

function isStill({ track, asked }: Memory, context: CollectContext): boolean {
  return (
    [...asked].every(([name, before]) => isSame(name, before, context.known(name))) && track.isUnchanged()
  );
}

function isSame(name: FactName, before: AnyOutcome, now: AnyOutcome): boolean {
  if (before === undefined || now === undefined) return before === now;
  return (
    ('value' in before && 'value' in now && before.value === now.value) ||
    text(name, before) === text(name, now)
  );
}

/** Without what is another at every look. */
function text(name: FactName, outcome: Outcome<unknown>): string {
  const { value, ...rest } = { value: undefined, ...outcome, ms: 0 };
  const lasting = name === 'host' ? { ...(value as object), now: 0, uptime: 0 } : value;
  return JSON.stringify([rest, lasting]);
}
