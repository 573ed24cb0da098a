import { completeValue } from '../../model/outcome.ts';
import type { Plan } from '../../model/plan.ts';
import type { ReportedCheck, ReportedFinding } from '../../model/report.ts';
import type { SandboxRecord } from '../../model/sandbox.ts';
import type { Candidate, Looked } from '../../remedy/gc/candidates.ts';
import { mendSandbox } from '../../sandbox/mend.ts';
import { readRecord } from '../../sandbox/records.ts';
import { hasProcesses, planRemove } from '../../sandbox/remove.ts';
import { ownNetworkOf, takeDown } from '../../sandbox/take-down.ts';
import { currentRecord, lookAt, type Workshop, withSandbox } from '../../sandbox/workshop.ts';

/** A finding about one of podctl's own sandboxes that has a record: its cure is that of `podctl sandbox`. */
export interface OwnCandidate extends Candidate {
  own: { record: SandboxRecord; how: 'repair' | 'remove' };
}

export function isOwn(candidate: Candidate): candidate is OwnCandidate {
  return 'own' in candidate;
}

/** Ids of podctl's own sandboxes by the ids that findings name: their own, and those of their containers. */
export function ownIds(look: Looked): Map<string, string> {
  const outcome = look.facts.ownSandboxes;
  const own = (outcome && completeValue(outcome)) ?? [];
  return new Map(
    own
      .filter(({ phase, busy }) => phase !== 'unrecorded' && phase !== 'unreadable' && !busy)
      .flatMap(({ id, containers }) => [[id, id] as const, ...containers.map((c) => [c.id, id] as const)]),
  );
}

/**
 * One candidate for each own sandbox that is found fault with. What was left half made is finished by `--fix`, and
 * taken away by `gc`, for which it is one of the things left behind.
 */
export async function ownCandidates(
  look: Looked,
  shop: Workshop,
  isLeftBehind: (check: ReportedCheck) => boolean,
  forGc: boolean,
): Promise<OwnCandidate[]> {
  const ids = ownIds(look);
  const first = new Map<string, { check: ReportedCheck; finding: ReportedFinding }>();
  for (const check of look.checks)
    for (const finding of check.findings) {
      const id = ids.get(finding.subject.id);
      if (id !== undefined && !first.has(id)) first.set(id, { check, finding });
    }
  const candidates: OwnCandidate[] = [];
  for (const [id, { check, finding }] of first) {
    const read = readRecord(shop.state, id);
    if (read === null || 'problem' in read) continue;
    const { record } = read;
    const removes = (forGc && check.id === 'sandbox/half-created') || check.id === 'canary/left-behind';
    const plan = removes ? removal(shop, record) : (await mendSandbox(shop, record, true)).plan;
    if (plan.steps.length === 0) continue;
    candidates.push({
      check: check.id,
      finding,
      kind: isLeftBehind(check) ? 'sandboxes' : null,
      planned: { plan: { ...plan, subject: finding.subject } },
      own: { record, how: removes ? 'remove' : 'repair' },
    });
  }
  return candidates;
}

function removal(shop: Workshop, record: SandboxRecord): Plan {
  const observed = lookAt(shop, record);
  const options = {
    force: record.bootId !== shop.bootId,
    ownNetwork: ownNetworkOf(shop, record),
    now: new Date(shop.remedy.now()),
  };
  const plan = planRemove(record, observed, options);
  return hasProcesses(observed) ? plan : { ...plan, risk: 'disruptive' };
}

/** Cures one, while nobody else works on it. Null, or why it did not come to its end. */
export async function cureOwn(shop: Workshop, { own }: OwnCandidate): Promise<string | null> {
  return withSandbox(shop, own.record, async () => {
    const record = currentRecord(shop, own.record.id);
    if (!record) return null;
    if (record.revision !== own.record.revision) return 'its record was changed in the meantime: look again';
    if (own.how === 'remove')
      return (await takeDown(shop, record.id, { force: record.bootId !== shop.bootId })).failure;
    const mended = await mendSandbox(shop, record, false);
    return mended.failure;
  });
}
