import { expect, test } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { ReportedCheck } from '../../src/model/report.ts';
import { compare, type Known, NOTHING_KNOWN } from '../../src/report/changes.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const web = (id: string) => ({ kind: 'sandbox' as const, id, name: 'default/web' });
const at = (minute: number) => `2026-01-02T03:${String(minute).padStart(2, '0')}:00.000Z`;

/** Looks at one check after the other, a minute apart; gives what each look changed. */
function looks(...checks: Partial<ReportedCheck>[]): Change[][] {
  let known: Known = NOTHING_KNOWN;
  return checks.map((check, minute) => {
    const next = compare(known, aReport([aCheck(check)], { takenAt: at(minute) }), []);
    known = next.known;
    return next.changes;
  });
}

const words = (changes: Change[][]) => changes.map((some) => some.map(({ change }) => change));

const unseen = { verdict: 'unknown' as const, reason: 'the runtime does not answer' };
const found = { findings: [aFinding({ subject: web('a') })] };

test('what appears and what goes is told once each, with the time it began', () => {
  const changes = looks({}, found, found, {}, {});
  expect(words(changes)).toEqual([[], ['appeared'], [], ['gone'], []]);
  expect(changes[3]?.[0]).toEqual({
    schema: 'podctl.change/v1',
    at: at(3),
    node: 'worker-1',
    change: 'gone',
    check: 'sandbox/sample',
    failureTitle: 'Things are missing',
    fingerprint: 'sandbox/sample missing sandbox default/web',
    since: at(1),
    reason: '',
    finding: found.findings[0],
    before: null,
  });
});

test('the first look tells everything', () => {
  expect(words(looks(found))).toEqual([['appeared']]);
  expect(words(looks(unseen))).toEqual([['unknown']]);
});

test('a finding stays while its check cannot judge, and goes when it can', () => {
  const changes = looks(found, unseen, unseen, {});
  expect(words(changes)).toEqual([['appeared'], ['unknown'], [], ['judged', 'gone']]);
  expect(changes[1]?.[0]).toMatchObject({ reason: unseen.reason, finding: null, fingerprint: '' });
  expect(changes[3]?.[0]).toMatchObject({ since: at(1), at: at(3) });
  expect(words(looks(found, unseen, found))).toEqual([['appeared'], ['unknown'], ['judged']]);
});

test('a check that finds one thing and cannot see another lets nothing go that it may not see', () => {
  const other = aFinding({ subject: { kind: 'sandbox', id: 'b', name: 'default/other' } });
  const problem = { code: 'denied' as const, message: 'cannot read /proc/1/ns/net' };
  const both = { findings: [...found.findings, other] };
  expect(words(looks(both, { findings: [other], problems: [problem] }))).toEqual([
    ['appeared', 'appeared'],
    [],
  ]);
  // What could not be seen when it was found either has nothing to do with it.
  expect(words(looks({ ...both, problems: [problem] }, { findings: [other], problems: [problem] }))).toEqual([
    ['appeared', 'appeared'],
    ['gone'],
  ]);
});

test('nor does one go while a fact of its check is missing that was there when it was found', () => {
  const metas = [{ id: 'sandbox/sample', needs: ['processes'], wants: ['sandboxes'] }] as const;
  const look = (known: Known, status: 'complete' | 'failed', over: Partial<ReportedCheck>) => {
    const facts = [{ name: 'sandboxes' as const, status, ms: 1, problems: [], reason: '' }];
    return compare(known, aReport([aCheck(over)], { facts }), metas);
  };
  const first = look(NOTHING_KNOWN, 'complete', found);
  const blind = look(first.known, 'failed', {});
  const after = look(blind.known, 'complete', {});
  expect(words([first.changes, blind.changes, after.changes])).toEqual([['appeared'], [], ['gone']]);
});

test('where the question does not arise any more, a finding goes at the second such look', () => {
  const skipped = { verdict: 'skipped' as const, reason: 'kubelet is not running' };
  expect(words(looks(found, skipped, found, skipped, skipped))).toEqual([['appeared'], [], [], [], ['gone']]);
});

test('a pod that is made again under its name has the same finding', () => {
  const again = { findings: [aFinding({ subject: web('b') })] };
  expect(words(looks(found, again, {}))).toEqual([['appeared'], [], ['gone']]);
  expect(looks(found, again, {})[2]?.[0]?.finding?.subject.id).toBe('b');
});

test('a subject whose name cannot be told for a while is the same', () => {
  const nameless = { findings: [aFinding({ subject: { kind: 'sandbox', id: 'a' } })] };
  expect(words(looks(found, nameless, found, {}))).toEqual([['appeared'], [], [], ['gone']]);
});

test('two of one name are two, and each goes by its id', () => {
  const second = aFinding({ subject: web('b') });
  const changes = looks({ findings: [...found.findings, second] }, { findings: [second] }, {});
  expect(changes.map((some) => some.map((c) => [c.change, c.finding?.subject.id, c.fingerprint]))).toEqual([
    [
      ['appeared', 'a', 'sandbox/sample missing sandbox default/web'],
      ['appeared', 'b', 'sandbox/sample missing sandbox default/web (2)'],
    ],
    [['gone', 'a', 'sandbox/sample missing sandbox default/web']],
    [['gone', 'b', 'sandbox/sample missing sandbox default/web (2)']],
  ]);
  expect(words(looks({ findings: [second] }, { findings: [...found.findings, second] }))).toEqual([
    ['appeared'],
    ['appeared'],
  ]);
});

test('another severity is a change; another sentence is none', () => {
  const worse = { findings: [aFinding({ subject: web('a'), severity: 'warning' })] };
  const [, changed] = looks(found, worse);
  expect(changed).toMatchObject([{ change: 'changed', reason: 'error', since: at(0) }]);
  const reworded = { findings: [aFinding({ subject: web('a'), message: '4 of 5' })] };
  expect(words(looks(found, reworded))).toEqual([['appeared'], []]);
});

test('two findings about one subject are told apart by what their check says tells them apart', () => {
  const metas = [{ id: 'sandbox/sample', needs: [], identity: ['port'] }];
  const port = (of: number) =>
    aFinding({ data: { port: of }, fingerprint: `sandbox/sample missing sandbox default/web port=${of}` });
  const first = compare(NOTHING_KNOWN, aReport([aCheck({ findings: [port(80), port(443)] })]), metas);
  const next = compare(first.known, aReport([aCheck({ findings: [port(443), port(8080)] })]), metas);
  expect(next.changes.map(({ change, fingerprint }) => `${change} ${fingerprint}`)).toEqual([
    'appeared sandbox/sample missing sandbox default/web port=8080',
    'gone sandbox/sample missing sandbox default/web port=80',
  ]);
});

test('a finding in a change has the fingerprint of the change', () => {
  const [, second] = looks({ findings: [...found.findings, aFinding({ subject: web('b') })] })[0] ?? [];
  expect(second?.fingerprint).toMatch(/ \(2\)$/);
  expect(second?.finding?.fingerprint).toBe(second?.fingerprint);
});
