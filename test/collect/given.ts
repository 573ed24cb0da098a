import type { Collector } from '../../src/collect/collector.ts';
import type { FactName, Facts } from '../../src/model/facts.ts';
import { absent, complete } from '../../src/model/outcome.ts';

/** Stands for a collector whose fact is known. */
export function given<N extends FactName>(fact: N, value: Facts[N]): Collector<N> {
  return { fact, summary: 'given', timeoutMs: 1000, collect: () => complete(value) };
}

/** Stands for one that found nothing of the kind. */
export function none<N extends FactName>(fact: N): Collector<N> {
  return { fact, summary: 'given', timeoutMs: 1000, collect: () => absent('none') };
}
