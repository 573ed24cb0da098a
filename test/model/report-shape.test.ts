import { expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { reportFault } from '../../src/model/report-shape.ts';
import { brokenReport, hostileReport } from '../report/broken-report.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const plan: Plan = {
  schema: 'podctl.plan/v1',
  remedy: 'netns/leaked',
  risk: 'safe',
  subject: { kind: 'netns', id: '/run/netns/a' },
  basedOn: 'a look',
  steps: [],
  notes: ['look again'],
};

/** A report with something in every list. */
function good(): ReturnType<typeof JSON.parse> {
  const cause = { check: 'a/b', messageId: 'm', subject: { kind: 'node', id: 'worker-1' } } as const;
  const finding = aFinding({
    data: { port: 80, path: '/x', open: true },
    evidence: [{ fact: 'processes', at: '/proc/1' }],
    remedies: [{ id: 'a', title: 'Pull', risk: 'safe', commands: ['crictl pull x'] }],
    explainedBy: [cause],
  });
  const check = aCheck({
    findings: [finding],
    ignored: [{ ...aFinding(), ignored: { by: 'baseline', reason: '', until: '' } }],
    problems: [{ code: 'denied', message: 'no', subject: '/proc/1' }],
    explainedBy: [cause],
  });
  const steps = [{ id: 'a', status: 'done' as const, reason: '', ms: 1 }];
  const facts = [{ name: 'pins' as const, status: 'absent' as const, ms: 0.3, problems: [], reason: 'no' }];
  const report = aReport([check], { facts, plans: [plan], applied: [{ plan: 0, steps }] });
  return JSON.parse(JSON.stringify(report));
}

test.each([good(), brokenReport, hostileReport, aReport()])('report %# is one', (report) => {
  expect(reportFault(JSON.parse(JSON.stringify(report)))).toBeNull();
});

test('facts, kinds of subjects and fields that a later version added are let through', () => {
  const value = good();
  value.later = true;
  value.facts[0].name = 'weather';
  value.checks[0].findings[0].subject.kind = 'volume';
  value.checks[0].findings[0].later = 1;
  expect(reportFault(value)).toBeNull();
});

type Change = (value: ReturnType<typeof good>) => void;
const changes: [string, Change, string][] = [
  ['no schema', (v) => delete v.schema, 'it is no report: it has no schema'],
  [
    'a snapshot',
    (v) => (v.schema = 'podctl.snapshot/v1'),
    'it is no report: its schema is "podctl.snapshot/v1", not podctl.report/v1',
  ],
  [
    'a later schema',
    (v) => (v.schema = 'podctl.report/v2'),
    'was written by a later podctl (podctl.report/v2; this one reads podctl.report/v1)',
  ],
  ['a time that is none', (v) => (v.takenAt = 'yesterday'), 'report.takenAt is not an RFC 3339 time in UTC'],
  ['no checks', (v) => delete v.checks, 'report.checks is missing'],
  [
    'a verdict of no kind',
    (v) => (v.checks[0].verdict = 'fine'),
    'report.checks[0].verdict is not one of pass, found, skipped, unknown',
  ],
  [
    'no fingerprint',
    (v) => delete v.checks[0].findings[0].fingerprint,
    'report.checks[0].findings[0].fingerprint is missing',
  ],
  [
    'a list as data',
    (v) => (v.checks[0].findings[0].data.port = [80]),
    'report.checks[0].findings[0].data.port is not a string, a number, true or false',
  ],
  [
    'accepted by nobody',
    (v) => delete v.checks[0].ignored[0].ignored,
    'report.checks[0].ignored[0].ignored is missing',
  ],
  ['half a count', (v) => (v.counts.error = 0.5), 'report.counts.error is not a whole number'],
  [
    'a step of no status',
    (v) => (v.applied[0].steps[0].status = 'x'),
    'report.applied[0].steps[0].status is not one of done, nothing-to-do, refused, failed, not-reached',
  ],
];

test.each(changes)('%s', (_, change, fault) => {
  const value = good();
  change(value);
  expect(reportFault(value)).toBe(fault);
});

test.each(['__proto__', 'constructor', 'prototype'])('the key %s is refused wherever it is', (key) => {
  const text = JSON.stringify(good()).replace('"port"', `"${key}":"x","port"`);
  expect(reportFault(JSON.parse(text))).toBe(`it has the key ${key}, which no report has`);
});

test('endless nesting is refused, not followed', () => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
  expect(reportFault({ ...good(), deep })).toBe('it is nested too deeply');
});
