import { shellLine } from '../../check/shell-line.ts';
import type { Plan } from '../../model/plan.ts';
import { type Candidate, planOf } from '../../remedy/gc/candidates.ts';
import { holdingsOf } from '../../remedy/gc/holdings.ts';
import { type Places, printAction } from '../../remedy/print.ts';
import { VERSION } from '../version.ts';
import type { Cured, Proposal } from './cure.ts';
import { residentOf } from './memory.ts';

/** What `podctl gc` and `apply` print as data. Keys never appear or vanish by mode; a later version only adds. */
export function cureData(cured: Cured, places: Places) {
  const { judged, items, plans, limits, tooMany, last, applied, runs } = cured;
  const host = judged.facts.host;
  return {
    schema: 'podctl.cure/v1',
    podctl: VERSION,
    node: host?.status === 'complete' ? host.value.hostname : '',
    takenAt: judged.takenAt,
    complete: last.snapshot.complete && cured.interrupted === undefined,
    carriedOut: runs.length > 0,
    runs,
    objects: items.map(({ candidate, state, reason, refusal }) => ({
      check: candidate.check,
      messageId: candidate.finding.messageId,
      message: candidate.finding.message,
      kind: candidate.kind ?? '',
      subject: candidate.finding.subject,
      state,
      reason,
      refusal: refusal?.name ?? '',
      surer: refusal?.surer ?? '',
      plan: indexOf(candidate, plans),
      risk: planOf(candidate)?.risk ?? '',
      holds: holdsData(candidate, judged),
    })),
    limits,
    tooMany,
    unseen: last.unseen,
    uncured: last.uncured,
    ignored: last.ignored.map(({ check, finding, rule: { file, line, reason, until } }) => ({
      check,
      messageId: finding.messageId,
      message: finding.message,
      subject: finding.subject,
      by: `${file}:${line}`,
      reason,
      until,
    })),
    mismatches: cured.mismatches.map(({ plan, step, reason }) => ({
      remedy: plan.remedy,
      subject: plan.subject,
      step: step?.id ?? '',
      reason,
    })),
    plans,
    commands: plans.map((plan) => commandsOf(plan, places)),
    applied,
  };
}

/** Null where it does not go. */
function indexOf(candidate: Candidate, plans: readonly Plan[]): number | null {
  const plan = planOf(candidate);
  const at = plan ? plans.indexOf(plan) : -1;
  return at < 0 ? null : at;
}

function holdsData(candidate: Candidate, judged: Proposal['judged']) {
  const plan = planOf(candidate);
  const holds = plan ? holdingsOf(plan, judged) : { addresses: [], mounts: 0, processes: [] };
  return { ...holds, memoryBytes: holds.processes.reduce((sum, pid) => sum + residentOf(pid), 0) };
}

/** What an operator would type for a plan. */
export function commandsOf(plan: Plan, places: Places): string[] {
  return plan.steps.flatMap(({ action }) => printAction(action, places).map(shellLine));
}
