import type { Change, ChangeKind } from '../model/change.ts';
import type { CheckMeta } from '../model/check.ts';
import type { Diff, DiffFact, DiffSide } from '../model/diff.ts';
import type { Report, ReportedCheck, ReportedFinding } from '../model/report.ts';
import { compare, NOTHING_KNOWN } from './changes.ts';

/** A report, with where it comes from and what else it tells of its node: a report tells less than a snapshot. */
export interface Side extends Pick<DiffSide, 'file' | 'schema'> {
  report: Report;
  facts: ReadonlyMap<string, string>;
}

type Metas = readonly Pick<CheckMeta, 'id' | 'needs' | 'wants' | 'identity'>[];

/** What differs from one state of a node to another one. `podctl`: the version that compares. */
export function diffOf(podctl: string, from: Side, to: Side, metas: Metas): Diff {
  const changes = changesOf(from.report, to.report, metas);
  const count = (kind: ChangeKind) => changes.filter(({ change }) => change === kind).length;
  return {
    schema: 'podctl.diff/v1',
    podctl,
    from: sideOf(from),
    to: sideOf(to),
    changes,
    facts: factsOf(from.facts, to.facts),
    counts: {
      appeared: count('appeared'),
      gone: count('gone'),
      changed: count('changed'),
      unknown: count('unknown'),
      judged: count('judged'),
    },
  };
}

function changesOf(from: Report, to: Report, metas: Metas): Change[] {
  const { known } = compare(NOTHING_KNOWN, withAccepted(from), metas);
  const { changes } = compare(known, withAccepted(to), metas, isOtherwise);
  const after = new Map(to.checks.map((check) => [check.id, check]));
  const isSkipped = ({ check }: Change) => after.get(check)?.verdict === 'skipped';
  return [
    ...changes.filter((change) => change.change !== 'judged' || !isSkipped(change)),
    ...from.checks.flatMap((check) => unasked(check, after.get(check.id), to)),
  ];
}

/** What was found by a check whose question does not arise any more, or that did not run, is not gone. */
function unasked(before: ReportedCheck, now: ReportedCheck | undefined, to: Report): Change[] {
  if (before.findings.length + before.ignored.length === 0) return [];
  if (now !== undefined && now.verdict !== 'skipped') return [];
  return [
    {
      schema: 'podctl.change/v1',
      at: to.takenAt,
      node: to.node,
      change: 'unknown',
      check: before.id,
      failureTitle: before.failureTitle,
      fingerprint: '',
      since: to.takenAt,
      reason: now?.reason ?? 'it did not run',
      finding: null,
      before: null,
    },
  ];
}

function withAccepted(report: Report): Report {
  const checks = report.checks.map((check) => ({
    ...check,
    findings: [...check.findings, ...check.ignored.map(({ ignored: _, ...finding }) => finding)],
  }));
  return { ...report, checks };
}

const IDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,64}/g;
/** Data that is another at each look, or after each restart, though nothing changed. */
const MOVING = ['pid', 'holder', 'age', 'minutes', 'since', 'created', 'boot'];

function isOtherwise(before: ReportedFinding, now: ReportedFinding): boolean {
  return before.severity !== now.severity || lasting(before) !== lasting(now);
}

function lasting({ message, data }: ReportedFinding): string {
  const moving = MOVING.flatMap((key) =>
    Object.hasOwn(data, key) && data[key] !== '' ? String(data[key]) : [],
  );
  return moving.reduce((text, value) => text.replaceAll(value, '*'), message).replace(IDS, '*');
}

function sideOf({ file, schema, report: { podctl, node, takenAt } }: Side): DiffSide {
  return { file, schema, podctl, node, takenAt };
}

function factsOf(from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): DiffFact[] {
  return [...from]
    .flatMap(([what, value]) => (to.has(what) ? [{ what, from: value, to: to.get(what) ?? '' }] : []))
    .filter((fact) => fact.from !== fact.to);
}
