import { baselineToldShape, severityShape } from './baseline-shape.ts';
import type { Evidence, Subject, SubjectKind, Verdict } from './check.ts';
import { documentFault } from './document-shape.ts';
import type { FactName } from './facts.ts';
import type { StepResult } from './plan.ts';
import { planShape, riskShape } from './plan-shape.ts';
import type {
  Cause,
  IgnoredFinding,
  Report,
  ReportedCheck,
  ReportedFact,
  ReportedFinding,
} from './report.ts';
import {
  amount,
  dictionary,
  flag,
  list,
  matching,
  nullable,
  oneOf,
  record,
  type Shape,
  text,
  whole,
} from './shape.ts';
import { problem, timeInUtc } from './shapes-common.ts';

type Fields<T> = { [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };
type Value = ReportedFinding['data'][string];
type Remedy = ReportedFinding['remedies'][number];
type Applied = Report['applied'][number];

/** Later versions add facts and kinds of subjects, so that of these only the form is asked. */
const factName = matching<FactName>('the name of a fact', /^[a-zA-Z]{1,40}$/);
const subjectKind = matching<SubjectKind>('the kind of a subject', /^[a-z][a-z-]{0,39}$/);

const subject = record<Subject>({ kind: subjectKind, id: text, name: text }, 'name');
const value: Shape<Value> = {
  fault: (given, path) =>
    ['string', 'number', 'boolean'].includes(typeof given)
      ? null
      : `${path} is not a string, a number, true or false`,
  schema: () => ({ anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] }),
};

const findingFields: Fields<ReportedFinding> = {
  messageId: text,
  message: text,
  severity: severityShape,
  subject,
  data: dictionary(value),
  evidence: list(record<Evidence>({ fact: factName, at: text, value: text }, 'value')),
  remedies: list(record<Remedy>({ id: text, title: text, risk: riskShape, commands: list(text) })),
  explainedBy: list(record<Cause>({ check: text, messageId: text, subject })),
  fingerprint: text,
};

const ignoredFinding = record<IgnoredFinding>({
  ...findingFields,
  ignored: record<IgnoredFinding['ignored']>({
    by: oneOf('configuration', 'baseline'),
    reason: text,
    until: text,
  }),
});

const check = record<ReportedCheck>({
  id: text,
  title: text,
  failureTitle: text,
  severity: severityShape,
  verdict: oneOf<Verdict>('pass', 'found', 'skipped', 'unknown'),
  reason: text,
  problems: list(problem),
  ms: amount,
  findings: list(record<ReportedFinding>(findingFields)),
  ignored: list(ignoredFinding),
  explainedBy: list(record<Cause>({ check: text, messageId: text, subject })),
});

const step = record<StepResult>({
  id: text,
  status: oneOf('done', 'nothing-to-do', 'refused', 'failed', 'not-reached'),
  reason: text,
  ms: amount,
});

/** A report as `-o json` prints it. */
export const reportShape = record<Report>({
  schema: oneOf('podctl.report/v1'),
  podctl: text,
  node: text,
  takenAt: timeInUtc,
  durationMs: amount,
  complete: flag,
  runtime: text,
  sandboxes: nullable(whole),
  containers: nullable(whole),
  facts: list(
    record<ReportedFact>({
      name: factName,
      status: oneOf('complete', 'partial', 'absent', 'failed'),
      ms: amount,
      problems: list(problem),
      reason: text,
    }),
  ),
  checks: list(check),
  counts: record<Report['counts']>({
    error: whole,
    warning: whole,
    info: whole,
    pass: whole,
    skipped: whole,
    unknown: whole,
    ignored: whole,
  }),
  baseline: nullable(baselineToldShape),
  plans: list(planShape),
  applied: list(record<Applied>({ plan: whole, steps: list(step) })),
});

/** Why a parsed file cannot be used as a report, naming the place in it; null when it can. */
export function reportFault(value: unknown): string | null {
  return documentFault(value, 'report') ?? reportShape.fault(value, 'report');
}
