import type { Change, ChangeKind } from './change.ts';

/** One of two states of a node. */
export interface DiffSide {
  /** As it was named. */
  file: string;
  /** A snapshot was judged by the checks of this podctl. */
  schema: 'podctl.report/v1' | 'podctl.snapshot/v1';
  podctl: string;
  node: string;
  /** RFC 3339, UTC. */
  takenAt: string;
}

/** Something about the node that may explain why other things are found; '' where it is not known. */
export interface DiffFact {
  what: string;
  from: string;
  to: string;
}

/** What `podctl diff` prints. Keys never appear or vanish; a later version only adds. */
export interface Diff {
  schema: 'podctl.diff/v1';
  podctl: string;
  from: DiffSide;
  to: DiffSide;
  /** Findings that were accepted count as found: accepting changes no node. */
  changes: Change[];
  facts: DiffFact[];
  counts: Record<ChangeKind, number>;
}
