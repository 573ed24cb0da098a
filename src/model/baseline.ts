import type { Severity } from './check.ts';

/** A finding that somebody knows of already. */
export interface KnownFinding {
  fingerprint: string;
  check: string;
  /** How bad it was: what is worse now is new. */
  severity: Severity;
  /** As it was when it was last saved; for people. */
  message: string;
  /** RFC 3339, UTC: when it was first saved as known. */
  since: string;
}

/** What is known of a node, so that a run may tell and fail on what is new alone. As `--save-baseline` writes it. */
export interface Baseline {
  schema: 'podctl.baseline/v1';
  podctl: string;
  node: string;
  /** RFC 3339, UTC: when the node was looked at. */
  takenAt: string;
  findings: KnownFinding[];
}

/** What a report says of the baseline that it was held against. */
export interface BaselineTold {
  /** As it was named. */
  file: string;
  takenAt: string;
  /** Known, and not found any more by checks that could see everything. */
  gone: KnownFinding[];
}
