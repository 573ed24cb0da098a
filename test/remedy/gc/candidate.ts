import type { Risk, SubjectKind } from '../../../src/model/check.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { complete } from '../../../src/model/outcome.ts';
import type { Action, Guard, Plan } from '../../../src/model/plan.ts';
import { planOf, step } from '../../../src/remedy/draft.ts';
import type { Candidate, Looked } from '../../../src/remedy/gc/candidates.ts';
import type { GcKind, Planned } from '../../../src/remedy/remedy.ts';
import { aFinding } from '../../support/report.ts';

export interface Wanted {
  check?: string;
  kind?: GcKind | null;
  subject?: SubjectKind;
  id?: string;
  messageId?: string;
  risk?: Risk;
  actions?: Action[];
  guards?: Guard[];
  beforeBoot?: boolean;
  planned?: Planned;
}

const KEPT = { dev: 1, ino: 2, sha256: 'ab' };

/** Removes a file that nobody owns, guarded by what it holds. */
export function removal(path: string, sha256 = 'ab'): Action {
  return { kind: 'remove-file', path, file: { ...KEPT, sha256 }, lock: '' };
}

/** A candidate for `gc`: by default a leaked reservation. */
export function candidate(wanted: Wanted = {}): Candidate {
  const { check = 'cni/leaked-reservation', kind = 'ipam', risk = 'disruptive', guards = [] } = wanted;
  const id = wanted.id ?? '/var/lib/cni/networks/podnet/10.88.0.17';
  const subject = { kind: wanted.subject ?? 'reservation', id };
  const drafts = (wanted.actions ?? [removal(id)]).map((action) =>
    step(action, 'nobody owns it', { guards }),
  );
  const plan: Plan = planOf({ remedy: check, risk, subject, basedOn: 'a look' }, drafts);
  return {
    check,
    kind,
    finding: aFinding({
      messageId: wanted.messageId ?? 'leaked',
      message: `${id} is nobody's`,
      severity: 'warning',
      subject,
      data: { beforeBoot: wanted.beforeBoot ?? false },
    }),
    planned: wanted.planned ?? { plan },
  };
}

/** A look at a node: these facts, all complete. */
export function lookedAt(facts: Facts): Looked {
  const outcomes = Object.entries(facts).map(([name, value]) => [name, { ...complete(value), ms: 1 }]);
  return { checks: [], facts: Object.fromEntries(outcomes), takenAt: '2026-11-23T12:00:00.000Z' };
}
