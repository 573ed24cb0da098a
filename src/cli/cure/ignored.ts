import { ignoreOf } from '../../check/policy.ts';
import type { IgnoreRule } from '../../model/own-config-facts.ts';
import type { ReportedCheck, ReportedFinding } from '../../model/report.ts';
import { type Candidate, planOf } from '../../remedy/gc/candidates.ts';
import type { CureRequest } from './request.ts';

/** Something that stays as it is, because somebody accepts it. */
export interface Kept {
  check: string;
  finding: ReportedFinding;
  rule: IgnoreRule;
}

/** Shorter ids (a pid) are looked for as they are, and not within other words. */
const DISTINCT = 12;

/** What the configuration accepts of what checks found. `today`: YYYY-MM-DD. */
export function keptOf(
  { look: { policy } }: CureRequest,
  checks: readonly ReportedCheck[],
  today: string,
): Kept[] {
  return checks.flatMap(({ id, ignored }) =>
    ignored.flatMap((finding) => {
      const rule = ignoreOf(policy, today, id, finding);
      return rule ? [{ check: id, finding, rule }] : [];
    }),
  );
}

/**
 * Parts what may go from what may not: an object that is left behind and accepted is not taken away in the course of
 * another cure either. `kept`: of checks for what is left behind. `ids`: those of podctl's own sandboxes by those of
 * what belongs to them.
 */
export function spare(
  candidates: readonly Candidate[],
  kept: readonly Kept[],
  ids: ReadonlyMap<string, string>,
): { going: Candidate[]; spared: Kept[] } {
  const spared: Kept[] = [];
  const going = candidates.filter((candidate) => {
    const by = kept.find(({ finding }) => concerns(candidate, finding.subject.id, ids));
    if (by) spared.push({ check: candidate.check, finding: candidate.finding, rule: by.rule });
    return by === undefined;
  });
  return { going, spared };
}

function concerns(
  { finding, ...candidate }: Candidate,
  id: string,
  ids: ReadonlyMap<string, string>,
): boolean {
  const own = (one: string) => ids.get(one) ?? one;
  if (own(finding.subject.id) === own(id)) return true;
  const steps = planOf({ finding, ...candidate })?.steps ?? [];
  return steps.some(({ action }) => names(action, id));
}

function names(value: unknown, id: string): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some((one) => names(one, id));
  const text = String(value);
  return text === id || (id.length >= DISTINCT && text.includes(id));
}
