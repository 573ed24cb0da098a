import type { Change, ChangeKind } from '../model/change.ts';
import type { CheckMeta } from '../model/check.ts';
import { unnumbered, unused } from '../model/fingerprint.ts';
import type { Report, ReportedCheck, ReportedFinding } from '../model/report.ts';

/** A finding that was told, and is so until a look that can judge does not find it. */
interface Told {
  check: string;
  failureTitle: string;
  fingerprint: string;
  /** What it was known by in the last report, without a number. */
  base: string;
  since: string;
  finding: ReportedFinding;
  /** What its check could not see when this was last found. */
  holes: ReadonlySet<string>;
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
 * judged: what could not be seen this time is not gone. `metas`: of the checks that the report is of. `differs`: what
 * counts as a change of a finding.
 */
export function compare(
  known: Known,
  report: Report,
  metas: readonly Pick<CheckMeta, 'id' | 'needs' | 'wants' | 'identity'>[],
  differs: (before: ReportedFinding, now: ReportedFinding) => boolean = isOtherSeverity,
): { known: Known; changes: Change[] } {
  const metaOf = new Map(metas.map((meta) => [meta.id, meta]));
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
    const { needs = [], wants = [], identity = [] } = metaOf.get(id) ?? {};
    const holes = holesOf(check, report, new Set([...needs, ...wants]));
    const now = matched(check, before, report.takenAt, holes, identity);
    for (const told of now) {
      const then = known.findings.get(told.fingerprint);
      findings.set(told.fingerprint, told);
      if (then === undefined) tell('appeared', told);
      else if (differs(then.finding, told.finding))
        tell('changed', { ...told, reason: then.finding.severity, before: then.finding });
    }
    for (const told of before.filter((b) => !findings.has(b.fingerprint))) {
      if (isGone(check, holes, told)) tell('gone', told);
      else findings.set(told.fingerprint, { ...told, wasSkipped: verdict === 'skipped' });
    }
  }
  return { known: { findings, unknown }, changes };
}

function isOtherSeverity(before: ReportedFinding, now: ReportedFinding): boolean {
  return before.severity !== now.severity;
}

function changeOf(
  { takenAt, node }: Report,
  change: ChangeKind,
  of: Pick<Change, 'check' | 'failureTitle'> &
    Partial<Pick<Change, 'fingerprint' | 'since' | 'reason' | 'finding' | 'before'>>,
): Change {
  const { check, failureTitle, fingerprint = '', since = takenAt, reason = '' } = of;
  const { finding = null, before = null } = of;
  return {
    schema: 'podctl.change/v1',
    at: takenAt,
    node,
    change,
    check,
    failureTitle,
    fingerprint,
    since,
    reason,
    finding,
    before,
  };
}

/**
 * Findings with what they are known by from now on. The same subject is known by its id, also while nobody can tell
 * its name; then a pod that was made again takes the place of the one before.
 */
function matched(
  check: ReportedCheck,
  before: readonly Told[],
  at: string,
  holes: ReadonlySet<string>,
  apart: readonly string[],
): Told[] {
  const { id, failureTitle, findings } = check;
  const free = [...before];
  const taken = new Set(before.map((told) => told.fingerprint));
  const take = (is: (told: Told) => boolean) => {
    const index = free.findIndex(is);
    return index < 0 ? undefined : free.splice(index, 1)[0];
  };
  const same = findings.map((finding) => take((told) => isSame(told.finding, finding, apart)));
  return findings.map((finding, n) => {
    const base = unnumbered(finding.fingerprint);
    const then = same[n] ?? take((told) => told.base === base);
    const key = then?.fingerprint ?? unused(base, taken);
    return {
      check: id,
      failureTitle,
      fingerprint: key,
      base,
      since: then?.since ?? at,
      finding: { ...finding, fingerprint: key },
      holes,
      wasSkipped: false,
    };
  });
}

function isSame(a: ReportedFinding, b: ReportedFinding, apart: readonly string[]): boolean {
  return (
    a.messageId === b.messageId &&
    a.subject.kind === b.subject.kind &&
    a.subject.id === b.subject.id &&
    apart.every((key) => a.data[key] === b.data[key])
  );
}

/** What a check could not see, in its own words, and facts of which it may have missed a part. */
function holesOf(check: ReportedCheck, { facts }: Report, mine: ReadonlySet<string>): Set<string> {
  const missed = facts.filter(({ name, status }) => mine.has(name) && /failed|partial/.test(status));
  return new Set([...check.problems.map(({ message }) => message), ...missed.map(({ name }) => name)]);
}

/**
 * Whether it can be told that what is not found any more is gone. Not while something cannot be seen that could be
 * seen when it was found; and where the question does not arise, only at the second such look: programs restart.
 */
function isGone({ verdict }: ReportedCheck, holes: ReadonlySet<string>, told: Told): boolean {
  if (verdict === 'unknown') return false;
  if (verdict === 'skipped') return told.wasSkipped;
  return [...holes].every((hole) => told.holes.has(hole));
}
