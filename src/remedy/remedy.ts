import type { Risk } from '../model/check.ts';
import type { FactName, Facts } from '../model/facts.ts';
import type { Outcome } from '../model/outcome.ts';
import type { FileIdentity, Plan } from '../model/plan.ts';
import type { ReportedFinding } from '../model/report.ts';

/** What `podctl gc KIND` can be told to keep to. */
export const GC_KINDS = ['sandboxes', 'netns', 'ipam', 'links', 'shims', 'cgroups'] as const;
export type GcKind = (typeof GC_KINDS)[number];

/** Why there is no plan. Some refusals can be skipped by their name with --force; the question never. */
export interface Refusal {
  name: 'kubelet-silent' | 'devices-inside' | 'not-alone' | 'not-possible' | 'runtime-silent';
  reason: string;
  /** What would make it sure, or what else to do. */
  surer: string;
}

/** What a plan is made from. */
export interface RemedyRequest {
  check: string;
  finding: ReportedFinding;
  facts: Partial<{ [N in FactName]: Outcome<Facts[N]> }>;
  /** RFC 3339: when the facts were seen. */
  takenAt: string;
  /** What identifies a file; null when it is gone, or was changed since `mtime`, which its fact has. */
  identify(path: string, mtime: number): FileIdentity | null;
  /** There is no kubelet on this node, says the operator: nobody else can own a pod. */
  assumeNoKubelet: boolean;
  /** The highest risk that was asked for: a plan may hold steps of it that are only for when safer ones fail. */
  risk: Risk;
  /** Refusals to skip. */
  force: readonly Refusal['name'][];
  /** From --pause-archive; null for podctl's own pause. */
  pauseArchive: string | null;
}

export type Planned = { plan: Plan } | { refusal: Refusal };

/** The cure of one check's findings, as data: it changes nothing by itself. */
export interface Remedy {
  check: string;
  /** Findings that it is for, by message; null: all of the check. */
  messages: readonly string[] | null;
  /** What its plans take away, for `gc`; null: nothing that was left behind. */
  kind: GcKind | null;
  /** Pure. Throws nothing; what it cannot find among the facts is a refusal. */
  plan(request: RemedyRequest): Planned;
}
