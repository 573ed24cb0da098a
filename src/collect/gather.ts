import { type CriSession, openSession } from '../cri/session.ts';
import type { ReadHost } from '../host/read-host.ts';
import type { FactName, Facts } from '../model/facts.ts';
import { failed, type Gathered, type Outcome } from '../model/outcome.ts';
import type { CollectContext, Collector, LookOptions } from './collector.ts';

export type Gathering = Partial<{ [N in FactName]: Outcome<Facts[N]> }>;

type AnyOutcome = Outcome<Facts[FactName]>;

/**
 * Collects the named facts and what they are made from, each once, each under its own deadline,
 * in parallel as far as their order allows. Never throws: a collector that does is a failed fact.
 * When `signal` aborts, what is not in yet is a failed fact with the reason.
 */
export async function gather(
  collectors: readonly Collector[],
  names: Iterable<FactName>,
  host: ReadHost,
  look: LookOptions,
  signal: AbortSignal,
): Promise<Gathering> {
  const wanted = withNeeds(collectors, names);
  const started = new Map<FactName, Promise<AnyOutcome>>();
  const done = new Map<FactName, AnyOutcome>();
  const sessions = new Map<string, CriSession>();
  const cuts = new Set<() => void>();
  const cutAll = () => {
    for (const cut of cuts) cut();
  };
  signal.addEventListener('abort', cutAll, { once: true });

  const context: CollectContext = {
    host,
    look,
    signal,
    known: <N extends FactName>(name: N) => done.get(name) as Outcome<Facts[N]> | undefined,
    session(endpoint) {
      const open = sessions.get(endpoint) ?? openSession(host.locate(endpoint), endpoint, look.rpcTimeoutMs);
      sessions.set(endpoint, open);
      return open;
    },
  };

  function start(collector: Collector): Promise<AnyOutcome> {
    const running = started.get(collector.fact) ?? begin(collector);
    started.set(collector.fact, running);
    return running;
  }

  async function begin(collector: Collector): Promise<AnyOutcome> {
    const before = [...(collector.needs ?? []), ...(collector.after ?? [])];
    await Promise.all(wanted.filter((c) => before.includes(c.fact)).map(start));
    const outcome = await timed(collector, context, signal, cuts);
    done.set(collector.fact, outcome);
    return outcome;
  }

  try {
    await Promise.all(wanted.map(start));
    for (const collector of wanted) await confirm(collector, context, done);
  } finally {
    signal.removeEventListener('abort', cutAll);
    for (const session of sessions.values()) session.close();
  }
  return Object.fromEntries(wanted.map((c) => [c.fact, done.get(c.fact)])) as Gathering;
}

function withNeeds(collectors: readonly Collector[], names: Iterable<FactName>): Collector[] {
  const wanted = new Set<FactName>();
  const add = (name: FactName) => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const need of collectors.find((c) => c.fact === name)?.needs ?? []) add(need);
  };
  for (const name of names) add(name);
  return collectors.filter((c) => wanted.has(c.fact));
}

/**
 * One collector under its deadline and the run's. A timer, not AbortSignal.timeout, which is unref'd.
 * `cuts` is called when the run ends: one listener on its signal for all, or Node warns of a leak.
 */
async function timed(
  collector: Collector,
  context: CollectContext,
  signal: AbortSignal,
  cuts: Set<() => void>,
): Promise<AnyOutcome> {
  const begun = performance.now();
  const own = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let cut = () => {};
  const late = new Promise<Gathered<Facts[FactName]>>((resolve) => {
    const stop = (message: string) => {
      own.abort();
      resolve(failed('timeout', message));
    };
    timer = setTimeout(
      () => stop(`${collector.fact}: no answer within ${collector.timeoutMs / 1000} s`),
      collector.timeoutMs,
    );
    cut = () => stop(`${collector.fact}: the run ended before it was read`);
    cuts.add(cut);
    if (signal.aborted) cut();
  });
  const gathered = await Promise.race([attempt(collector, { ...context, signal: own.signal }), late]);
  clearTimeout(timer);
  cuts.delete(cut);
  return { ...gathered, ms: Math.round((performance.now() - begun) * 10) / 10 };
}

async function attempt(collector: Collector, context: CollectContext): Promise<Gathered<Facts[FactName]>> {
  try {
    return await collector.collect(context);
  } catch (error) {
    return failed('crashed', `${collector.fact}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function confirm(
  collector: Collector,
  context: CollectContext,
  done: Map<FactName, AnyOutcome>,
): Promise<void> {
  const outcome = done.get(collector.fact);
  if (!collector.confirm || outcome?.status !== 'complete') return;
  done.set(collector.fact, { ...outcome, value: await collector.confirm(context, outcome.value) });
}
