import { expect, test } from 'vitest';
import type { ReportedCheck } from '../../src/model/report.ts';
import { diffOf } from '../../src/report/diff.ts';
import { factsOfReport } from '../../src/report/diff-facts.ts';
import { renderDiff } from '../../src/report/diff-text.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const side = (checks: Partial<ReportedCheck>[], over = {}) => {
  const report = aReport(checks.map(aCheck), over);
  return { file: 'a.json', schema: 'podctl.report/v1' as const, report, facts: factsOfReport(report) };
};
const diff = (from: Partial<ReportedCheck>[], to: Partial<ReportedCheck>[], over = {}) =>
  diffOf('0.1.0', side(from), side(to, over), []);
const words = ({ changes }: ReturnType<typeof diff>) =>
  changes.map(({ change, check, reason }) => [change, check, reason].filter(Boolean).join(' '));
const web = aFinding();
const other = aFinding({ fingerprint: 'x', subject: { kind: 'netns', id: '/run/netns/a' }, message: 'm' });

test('what is found on one side alone appeared or is gone', () => {
  const { changes, counts } = diff([{ findings: [web] }], [{ findings: [other] }]);
  expect(changes.map(({ change, finding }) => [change, finding?.fingerprint])).toEqual([
    ['appeared', 'x'],
    ['gone', web.fingerprint],
  ]);
  expect(counts).toEqual({ appeared: 1, gone: 1, changed: 0, unknown: 0, judged: 0 });
  expect(diff([{ findings: [web] }], [{ findings: [web] }]).changes).toEqual([]);
});

test('another severity or message is a change, and says how it was; another id or pid is none', () => {
  const said = (message: string, data = {}) => [{ findings: [aFinding({ message, data })] }];
  expect(diff(said('3 of 5'), said('4 of 5')).changes).toMatchObject([
    { change: 'changed', finding: { message: '4 of 5' }, before: { message: '3 of 5' } },
  ]);
  const worse = [{ findings: [aFinding({ severity: 'warning' })] }];
  expect(diff([{ findings: [web] }], worse).changes).toMatchObject([
    { change: 'changed', reason: 'error', before: { severity: 'error' } },
  ]);
  const moved = (id: string, pid: number) => said(`pause ${pid} of ${id.repeat(64)} runs on`, { pid });
  expect(diff(moved('a', 4711), moved('b', 4712)).changes).toEqual([]);
});

test('what nobody judged is not gone', () => {
  const found = [{ findings: [web] }];
  const skipped = { verdict: 'skipped' as const, reason: 'no kubelet' };
  expect(words(diff(found, [{ verdict: 'unknown', reason: 'denied' }]))).toEqual([
    'unknown sandbox/sample denied',
  ]);
  expect(words(diff(found, [skipped]))).toEqual(['unknown sandbox/sample no kubelet']);
  expect(words(diff(found, []))).toEqual(['unknown sandbox/sample it did not run']);
  expect(words(diff([{}], []))).toEqual([]);
  expect(words(diff([{ verdict: 'unknown' }], [skipped]))).toEqual([]);
  expect(words(diff([{ verdict: 'unknown' }], found))).toEqual([
    'judged sandbox/sample',
    'appeared sandbox/sample',
  ]);
});

test('accepting a finding changes no node', () => {
  const ignored = [{ ...web, ignored: { by: 'baseline' as const, reason: '', until: '' } }];
  expect(diff([{ findings: [web] }], [{ verdict: 'found', ignored }]).changes).toEqual([]);
});

test('what else differs is told, of what both sides know', () => {
  const { facts } = diff([{}], [{}], { sandboxes: 101, runtime: '', containers: 200 });
  expect(facts).toEqual([
    { what: 'runtime', from: 'containerd 2.1.9', to: '' },
    { what: 'sandboxes', from: '100', to: '101' },
  ]);
});

const text = (of: ReturnType<typeof diff>, verbose = false) =>
  renderDiff(of, { width: 80, colour: false, verbose });

test('for people: the two times, what differs, and a line of counts', async () => {
  const worse = [{ findings: [aFinding({ severity: 'warning', message: 'still missing' }), other] }];
  const later = { takenAt: '2026-01-03T03:04:05.678Z', sandboxes: null, node: 'worker-1' };
  expect(await text(diff([{ findings: [web] }], worse, later))).toBe(`\
worker-1   2026-01-02 03:04:05 UTC -> 2026-01-03 03:04:05 UTC
  sandboxes  100 -> not known

ERROR  m
       sandbox/sample

WARN   still missing
       sandbox/sample, was: error, something is missing

1 appeared, 1 changed
`);
  expect(await text(diff([{}], [{}], { node: 'worker-2' }))).toBe(`\
worker-1 -> worker-2   2026-01-02 03:04:05 UTC -> 2026-01-02 03:04:05 UTC

the same findings in both
`);
});

test('information is counted, and shown with -v; what is hostile is escaped', async () => {
  const info = [{ findings: [aFinding({ severity: 'info', message: 'a\u001b[2Jb' })] }];
  expect(await text(diff([{}], info))).toContain('\n1 appeared; 1 for information (-v)\n');
  const all = await text(diff([{}], info, { node: 'x\u001b[2J' }), true);
  expect(all).toContain('INFO   a\\x1b[2Jb\n');
  expect(all).not.toContain('\u001b');
});
