import type { Change, ChangeKind } from '../model/change.ts';
import { fingerprint } from '../model/fingerprint.ts';
import type { Report, ReportedCheck, ReportedFinding } from '../model/report.ts';

/** A finding that was told, and is so until a look that can judge does not find it. */
interface Told {
  check: string;
  failureTitle: string;
  fingerprint: string;
  since: string;
  finding: ReportedFinding;
  /** What its check could not see when this was last found. */
  problems: ReadonlySet<string>;
  /** Whether the question did not arise at the look before. */
  wasSkipped: boolean;
}

/** What was told of the looks so far. As large as the last report, however many there were. */
export interface Known {
  findings: ReadonlyMap<string, Told>;
  /** Since when a check cannot judge. */
  unknown: ReadonlyMap<string, string>;
}

export const NOTHING_KNOWN: Known = { findings: new Map(), unknown: new Map() };

/**
 * What this look shows that is not known yet, and what is known after it. A finding goes only when its check
 * judged: what could not be seen this time is not gone.
 */
export function compare(known: Known, report: Report): { known: Known; changes: Change[] } {
  const findings = new Map<string, Told>();
  const unknown = new Map<string, string>();
  const changes: Change[] = [];
  const tell = (change: ChangeKind, of: Parameters<typeof changeOf>[2]) =>
    changes.push(changeOf(report, change, of));

  for (const check of report.checks) {
    const { id, failureTitle, verdict, reason } = check;
    const since = known.unknown.get(id);
    if (verdict === 'unknown') unknown.set(id, since ?? report.takenAt);
    if (verdict === 'unknown' && since === undefined) tell('unknown', { check: id, failureTitle, reason });
    if (verdict !== 'unknown' && since !== undefined) tell('judged', { check: id, failureTitle, since });

    const before = [...known.findings.values()].filter((told) => told.check === id);
    const now = matched(check, before, report.takenAt);
    for (const told of now) {
      const then = known.findings.get(told.fingerprint);
      findings.set(told.fingerprint, told);
      if (then === undefined) tell('appeared', told);
      else if (then.finding.severity !== told.finding.severity)
        tell('changed', { ...told, reason: then.finding.severity });
    }
    for (const told of before.filter((b) => !findings.has(b.fingerprint))) {
      if (isGone(check, told)) tell('gone', told);
      else findings.set(told.fingerprint, { ...told, wasSkipped: verdict === 'skipped' });
    }
  }
  return { known: { findings, unknown }, changes };
}

function changeOf(
  { takenAt, node }: Report,
  change: ChangeKind,
  of: Pick<Change, 'check' | 'failureTitle'> &
    Partial<Pick<Change, 'fingerprint' | 'since' | 'reason' | 'finding'>>,
): Change {
  const { check, failureTitle, fingerprint: key = '', since = takenAt, reason = '', finding = null } = of;
  const schema = 'podctl.change/v1';
  return { schema, at: takenAt, node, change, check, failureTitle, fingerprint: key, since, reason, finding };
}

/** Findings with what they are known by. Of several that are known by the same, each keeps its number. */
function matched(check: ReportedCheck, before: readonly Told[], at: string): Told[] {
  const groups = new Map<string, ReportedFinding[]>();
  for (const finding of check.findings) {
    const base = fingerprint(check.id, finding);
    groups.set(base, [...(groups.get(base) ?? []), finding]);
  }
  const problems = new Set(check.problems.map(({ message }) => message));
  return [...groups].flatMap(([base, group]) => {
    const free = before.filter((told) => fingerprint(check.id, told.finding) === base);
    const taken = new Set(free.map((told) => told.fingerprint));
    const told = (finding: ReportedFinding, then: Told | undefined): Told => ({
      check: check.id,
      failureTitle: check.failureTitle,
      fingerprint: then?.fingerprint ?? unused(base, taken),
      since: then?.since ?? at,
      finding,
      problems,
      wasSkipped: false,
    });
    // First those whose subject is the same; then a pod that was restarted takes the place of the one before.
    const same = group.map((finding) => takeSame(free, finding));
    return group.map((finding, n) => told(finding, same[n] ?? free.shift()));
  });
}

function takeSame(free: Told[], { subject }: ReportedFinding): Told | undefined {
  const index = free.findIndex((told) => told.finding.subject.id === subject.id);
  return index < 0 ? undefined : free.splice(index, 1)[0];
}

/** The first number that no other has: two pods may have one name. */
function unused(base: string, taken: Set<string>): string {
  let key = base;
  for (let n = 2; taken.has(key); n += 1) key = `${base} (${n})`;
  taken.add(key);
  return key;
}

/**
 * Whether it can be told that what is not found any more is gone. Not while something cannot be seen that could be
 * seen when it was found; and where the question does not arise, only at the second such look: programs restart.
 */
function isGone({ verdict, problems }: ReportedCheck, told: Told): boolean {
  if (verdict === 'unknown') return false;
  if (verdict === 'skipped') return told.wasSkipped;
  return problems.every(({ message }) => told.problems.has(message));
}
