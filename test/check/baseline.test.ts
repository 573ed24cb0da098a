import { expect, test } from 'vitest';
import { baselineOf, holdAgainst } from '../../src/check/baseline.ts';
import type { Severity } from '../../src/model/check.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const found = (name: string, severity: Severity = 'warning') =>
  aFinding({ fingerprint: name, message: `${name} is lost`, severity });
const OLD = baselineOf(aReport([aCheck({ findings: [found('a'), found('b')] })]));

test('a baseline says what was found, how bad it was, and since when it is known', () => {
  expect(OLD).toEqual({
    schema: 'podctl.baseline/v1',
    podctl: '0.1.0',
    node: 'worker-1',
    takenAt: '2026-01-02T03:04:05.678Z',
    findings: ['a', 'b'].map((name) => ({
      fingerprint: name,
      check: 'sandbox/sample',
      severity: 'warning',
      message: `${name} is lost`,
      since: '2026-01-02T03:04:05.678Z',
    })),
  });
});

test('what is known is accepted, with its date; what is new counts', () => {
  const { checks, gone } = holdAgainst(OLD, [aCheck({ findings: [found('c'), found('a')] })]);
  expect(checks[0]?.findings.map(({ fingerprint }) => fingerprint)).toEqual(['c']);
  expect(checks[0]?.ignored).toEqual([
    { ...found('a'), ignored: { by: 'baseline', reason: 'since 2026-01-02', until: '' } },
  ]);
  expect(gone.map(({ fingerprint }) => fingerprint)).toEqual(['b']);
});

test('what is worse than it was is new, what is better is known', () => {
  const severities = (severity: Severity) =>
    holdAgainst(OLD, [aCheck({ findings: [found('a', severity)] })]).checks[0]?.findings.length;
  expect(severities('error')).toBe(1);
  expect(severities('warning')).toBe(0);
  expect(severities('info')).toBe(0);
});

const problems = [{ code: 'denied' as const, message: 'no' }];

test.each([
  ['could not judge', aCheck({ verdict: 'unknown' })],
  ['was not asked', aCheck({ verdict: 'skipped' })],
  ['did not see everything', aCheck({ problems })],
  ['did not run', aCheck({ id: 'sandbox/other' })],
  [
    'had it accepted already',
    aCheck({
      ignored: ['a', 'b'].map((name) => ({
        ...found(name),
        ignored: { by: 'configuration' as const, reason: 'ours', until: '' },
      })),
    }),
  ],
])('nothing is gone by a check that %s', (_, check) => {
  expect(holdAgainst(OLD, [check]).gone).toEqual([]);
});

test('a baseline that is saved again keeps dates and what nobody could judge, and drops what is gone', () => {
  const at = { takenAt: '2026-02-03T00:00:00.000Z' };
  const save = (check: ReturnType<typeof aCheck>) => {
    const { checks } = holdAgainst(OLD, [check]);
    return baselineOf(aReport(checks, at), OLD).findings.map(
      ({ fingerprint, since }) => `${fingerprint} ${since.slice(0, 10)}`,
    );
  };
  expect(save(aCheck({ findings: [found('c'), found('a')] }))).toEqual(['a 2026-01-02', 'c 2026-02-03']);
  expect(save(aCheck({ verdict: 'unknown' }))).toEqual(['a 2026-01-02', 'b 2026-01-02']);
});

test('what the configuration accepts does not become known', () => {
  const ignored = { by: 'configuration' as const, reason: 'ours', until: '' };
  const report = aReport([aCheck({ findings: [found('a')], ignored: [{ ...found('b'), ignored }] })]);
  expect(baselineOf(report).findings.map(({ fingerprint }) => fingerprint)).toEqual(['a']);
});
