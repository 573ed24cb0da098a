import type { ReportedCheck, ReportedFinding } from '../../model/report.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type Candidate, candidatesOf, keyOf, type Looked } from '../../remedy/gc/candidates.ts';
import { remedies, remedyFor } from '../../remedy/plans/index.ts';
import { GC_KINDS } from '../../remedy/remedy.ts';
import type { Workshop } from '../../sandbox/workshop.ts';
import { dayOf, judgeSnapshot, withOwnConfig } from '../judge.ts';
import { look, wantedBy } from '../look.ts';
import { type Stoppable, within } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { type Kept, keptOf, spare } from './ignored.ts';
import { ownCandidates, ownIds } from './own.ts';
import type { CureRequest } from './request.ts';

/** One look at the node, what the checks say, and what could be done. */
export interface Judged extends Looked {
  snapshot: Snapshot;
  candidates: Candidate[];
  /** Why something was not judged; empty when all could be seen. */
  unseen: { check: string; reason: string }[];
  /** What was left behind, and nobody knows a cure for. */
  uncured: { check: string; finding: ReportedFinding }[];
  /** What would have had its turn, and is accepted. */
  ignored: Kept[];
}

/** Looks once. `shop`: null where podctl has no sandboxes of its own. */
export async function judge(
  request: CureRequest,
  shop: Workshop | null,
  terminal: Terminal,
  stop: Stoppable,
): Promise<Judged> {
  const env = { ...terminal.env, PODCTL_STATE_DIR: request.stateDir };
  const part = within(stop, request.look.deadlineMs);
  const seen = await look(wantedBy(request.look), request.look, { ...terminal, env }, part);
  const snapshot = withOwnConfig(seen.snapshot, request.look.policy);
  const checks = await judgeSnapshot(request.look, snapshot);
  const looked: Looked = { checks, facts: snapshot.facts, takenAt: snapshot.takenAt };
  const { ours, foreign } = byOrigin(looked, request);
  const own = shop
    ? await ownCandidates(ours, shop, (check) => isLeftBehind(request, check), request.kinds !== null)
    : [];
  const ids = ownIds(looked);
  const others = candidatesOf(withoutFindings(ours, ids), remedyFor, request);
  const wanted = [...own, ...others].filter(
    ({ kind }) => request.kinds === null || (kind !== null && request.kinds.includes(kind)),
  );
  const today = dayOf(snapshot.takenAt);
  const left = checks.filter((check) => isLeftBehind(request, check));
  const { going, spared } = spare(wanted, keptOf(request, left, today), ids);
  return {
    ...looked,
    snapshot,
    candidates: going,
    unseen: unseenOf(request, snapshot, checks),
    uncured: uncuredOf(request, [...withoutFindings(ours, ids).checks, ...foreign], others),
    ignored: [...keptOf(request, request.kinds === null ? checks : left, today), ...spared],
  };
}

/** Of one kind alone nobody can say that a finding without a remedy belongs to it. */
function uncuredOf(
  { kinds }: CureRequest,
  checks: readonly ReportedCheck[],
  candidates: readonly Candidate[],
): Judged['uncured'] {
  if (kinds === null || kinds.length < GC_KINDS.length) return [];
  const known = new Set(candidates.map(keyOf));
  return checks.flatMap(({ id, findings }) =>
    findings
      .filter((finding) => finding.severity !== 'info' && !known.has(keyOf({ check: id, finding })))
      .map((finding) => ({ check: id, finding })),
  );
}

function isLeftBehind({ look: { checks } }: CureRequest, { id }: ReportedCheck): boolean {
  return checks.some((check) => check.meta.id === id && check.meta.tags.includes('orphan'));
}

/** What checks of others say is told, and moves nothing. */
function byOrigin(looked: Looked, { look }: CureRequest): { ours: Looked; foreign: ReportedCheck[] } {
  const ids = new Set(look.checks.filter(({ file }) => file !== undefined).map(({ meta }) => meta.id));
  return {
    ours: { ...looked, checks: looked.checks.filter(({ id }) => !ids.has(id)) },
    foreign: looked.checks.filter(({ id }) => ids.has(id)),
  };
}

function withoutFindings(looked: Looked, ids: ReadonlyMap<string, string>): Looked {
  const checks = looked.checks.map((check) => ({
    ...check,
    findings: check.findings.filter((finding) => !ids.has(finding.subject.id)),
  }));
  return { ...looked, checks };
}

/** What stands in the way of a verdict, of the checks whose findings were asked for. */
function unseenOf(
  { kinds }: CureRequest,
  { facts, complete }: Snapshot,
  checks: readonly ReportedCheck[],
): Judged['unseen'] {
  const silence = runtimeSilence(facts);
  const relevant = checks.filter(
    ({ id }) =>
      kinds === null || remedies.some((r) => r.check === id && r.kind !== null && kinds.includes(r.kind)),
  );
  return [
    ...(complete ? [] : [{ check: '', reason: 'the look was cut short by its deadline or a signal' }]),
    ...(silence === null ? [] : [{ check: '', reason: silence }]),
    ...relevant
      .filter(({ verdict, problems }) => verdict === 'unknown' || problems.length > 0)
      .map(({ id, reason }) => ({ check: id, reason })),
  ];
}

/** Why the runtime cannot be asked who owns what; null when it answers, or belongs to no runtime's node. */
export function runtimeSilence({ runtime, endpoints }: Looked['facts']): string | null {
  if (runtime?.status === 'complete') return null;
  if (runtime?.status === 'failed') return runtime.problem.message;
  if (runtime?.status === 'partial') return runtime.problems[0]?.message ?? 'the runtime answers in part';
  const traces = endpoints?.status === 'complete' ? endpoints.value.traces : [];
  const [trace] = traces;
  return trace ? `no runtime answers, and one belongs on this node: ${trace.path} (${trace.what})` : null;
}
