import type { BaselineTold } from './baseline.ts';
import type { Evidence, Risk, Severity, Subject, Verdict } from './check.ts';
import type { FactName } from './facts.ts';
import type { Problem } from './outcome.ts';
import type { Plan, StepResult } from './plan.ts';

/** A finding that another one, or a check that could not judge, is a consequence of. */
export interface Cause {
  check: string;
  messageId: string;
  subject: Subject;
}

export interface ReportedFinding {
  messageId: string;
  message: string;
  severity: Severity;
  subject: Subject;
  data: Record<string, string | number | boolean>;
  evidence: Evidence[];
  remedies: { id: string; title: string; risk: Risk; commands: string[] }[];
  /** First those that nothing else explains. */
  explainedBy: Cause[];
  /** What it is known by from one run to the next; no two findings of a report have the same. */
  fingerprint: string;
}

/** A finding that somebody accepted: it is kept, and counts for nothing. */
export interface IgnoredFinding extends ReportedFinding {
  ignored: {
    by: 'configuration' | 'baseline';
    /** Why it is accepted, in the words of who did; '' where nobody said. */
    reason: string;
    /** The last day on which it is, as YYYY-MM-DD; '' for ever. */
    until: string;
  };
}

export interface ReportedCheck {
  id: string;
  /** True when the check passes. */
  title: string;
  /** True when it does not. */
  failureTitle: string;
  severity: Severity;
  verdict: Verdict;
  reason: string;
  problems: Problem[];
  ms: number;
  findings: ReportedFinding[];
  /** Found as well, and accepted. */
  ignored: IgnoredFinding[];
  /** Why the verdict is `unknown`, where a finding tells. */
  explainedBy: Cause[];
}

export interface ReportedFact {
  name: FactName;
  status: 'complete' | 'partial' | 'absent' | 'failed';
  ms: number;
  problems: Problem[];
  reason: string;
}

/** What pipelines parse. Keys never appear or vanish by mode; a later version only adds. */
export interface Report {
  schema: 'podctl.report/v1';
  podctl: string;
  node: string;
  /** RFC 3339, UTC. */
  takenAt: string;
  durationMs: number;
  /** False when the run was interrupted or its deadline cut it short. */
  complete: boolean;
  /** One line for people: runtime and version; empty when unknown. */
  runtime: string;
  /** How many the runtime lists; null when that is not known. */
  sandboxes: number | null;
  containers: number | null;
  facts: ReportedFact[];
  checks: ReportedCheck[];
  /** error, warning, info and ignored count findings; pass, skipped and unknown count checks. */
  counts: Record<Severity | 'pass' | 'skipped' | 'unknown' | 'ignored', number>;
  /** Null: it was held against none. */
  baseline: BaselineTold | null;
  plans: Plan[];
  /** One for each plan that was begun, by its place in `plans`. */
  applied: { plan: number; steps: StepResult[] }[];
}
