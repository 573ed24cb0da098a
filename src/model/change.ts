import type { ReportedFinding } from './report.ts';

/**
 * `appeared`, `gone`: a finding. `changed`: the same finding, with another severity; between two reports also with
 * another message.
 * `unknown`, `judged`: whether a check can say anything; what it found before stays until it can.
 */
export type ChangeKind = 'appeared' | 'gone' | 'changed' | 'unknown' | 'judged';

/** One thing that is not as it was at the look before. Keys never appear or vanish; a later version only adds. */
export interface Change {
  schema: 'podctl.change/v1';
  /** When it was seen: RFC 3339, UTC. */
  at: string;
  node: string;
  change: ChangeKind;
  check: string;
  /** True when the check does not pass: a title for people. */
  failureTitle: string;
  /** Of the finding; empty where the change is of a check. */
  fingerprint: string;
  /** When this began to be so: of what is gone or judged, the time it appeared. */
  since: string;
  /** Why a check cannot judge; of a changed finding, its severity before. */
  reason: string;
  /** Of what is gone, as it was last seen; null where the change is of a check. */
  finding: ReportedFinding | null;
  /** What changed, as it was before; null where the finding did not change. */
  before: ReportedFinding | null;
}
