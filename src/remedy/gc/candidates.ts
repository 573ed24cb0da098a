import { identifySince } from '../../host/file-identity.ts';
import type { FactName, Facts } from '../../model/facts.ts';
import { completeValue, type Outcome } from '../../model/outcome.ts';
import type { Plan } from '../../model/plan.ts';
import type { ReportedCheck, ReportedFinding } from '../../model/report.ts';
import type { GcKind, Planned, Remedy, RemedyRequest } from '../remedy.ts';

/** One finding that there is a remedy for, and the plan or the refusal that came of it. */
export interface Candidate {
  check: string;
  finding: ReportedFinding;
  /** Null: it cures something that was not left behind. */
  kind: GcKind | null;
  planned: Planned;
}

/** One look as remedies need it. */
export interface Looked {
  checks: readonly ReportedCheck[];
  facts: Partial<{ [N in FactName]: Outcome<Facts[N]> }>;
  /** RFC 3339. */
  takenAt: string;
}

export type RemedyFor = (check: string, messageId: string) => Remedy | null;
export type PlanOptions = Pick<RemedyRequest, 'assumeNoKubelet' | 'force' | 'risk' | 'pauseArchive'>;

/** What holds an object apart must be gone before what it holds: DEL works while the namespace still exists. */
const ORDER: readonly (GcKind | null)[] = ['sandboxes', 'netns', 'ipam', 'links', 'shims', 'cgroups', null];

/** Every finding that a remedy is for, in the order in which they are to be taken away. */
export function candidatesOf(look: Looked, remedyFor: RemedyFor, options: PlanOptions): Candidate[] {
  const found = look.checks.flatMap(({ id, findings }) =>
    findings.flatMap((finding): Candidate[] => {
      const remedy = remedyFor(id, finding.messageId);
      if (!remedy) return [];
      const { facts, takenAt } = look;
      const { assumeNoKubelet, force, risk, pauseArchive } = options;
      const told = { assumeNoKubelet, force, risk, pauseArchive };
      const planned = remedy.plan({ check: id, finding, facts, takenAt, identify: identifySince, ...told });
      const candidate = { check: id, finding, kind: remedy.kind, planned };
      return isOptional(candidate) && 'refusal' in planned ? [] : [candidate];
    }),
  );
  return found.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** Good to know: nothing that was left behind, and no fault when it stays. */
export function isOptional({ finding, kind }: Pick<Candidate, 'finding' | 'kind'>): boolean {
  return finding.severity === 'info' && kind === null;
}

/** What a candidate is about, by check and subject; the same in every look at the same object. */
export function keyOf({ check, finding }: Pick<Candidate, 'check' | 'finding'>): string {
  return JSON.stringify([check, finding.subject.kind, finding.subject.id]);
}

/** A fact of a look where all of it was seen. */
export function seen<N extends FactName>({ facts }: Looked, name: N): Facts[N] | undefined {
  const outcome = facts[name];
  return outcome ? completeValue(outcome) : undefined;
}

/** The plan, or null for a refusal. */
export function planOf({ planned }: Candidate): Plan | null {
  return 'plan' in planned ? planned.plan : null;
}
