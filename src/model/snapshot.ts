import type { Settings } from './check.ts';
import type { FactName, Facts } from './facts.ts';
import type { Outcome } from './outcome.ts';

/** Everything a run saw: judged again, it gives the same report. */
export interface Snapshot {
  schema: 'podctl.snapshot/v1';
  podctl: string;
  /** RFC 3339, UTC: when the run began. */
  takenAt: string;
  durationMs: number;
  complete: boolean;
  settings: Pick<Settings, 'minAgeMs'>;
  facts: Partial<{ [N in FactName]: Outcome<Facts[N]> }>;
}
