import type { FactName, Facts } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';

/** A complete snapshot of these facts, each read in a millisecond. */
export function snapshotOf(facts: Partial<Facts>): Snapshot {
  const outcomes = Object.entries(facts).map(([name, value]) => [name, { status: 'complete', value, ms: 1 }]);
  return {
    schema: 'podctl.snapshot/v1',
    podctl: '0.1.0',
    takenAt: '2026-11-23T12:00:00.000Z',
    durationMs: 74,
    complete: true,
    settings: { minAgeMs: 60_000 },
    facts: Object.fromEntries(outcomes) as Partial<Record<FactName, never>>,
  };
}
