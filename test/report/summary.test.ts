import { expect, test } from 'vitest';
import { countsLine, headerLine, milliseconds } from '../../src/report/summary.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const passes = [aCheck(), aCheck()];

test('the header names node, runtime, objects and time', () => {
  expect(headerLine(aReport())).toBe('worker-1   containerd 2.1.9   100 sandboxes, 200 containers   74 ms');
  const one = aReport([], { sandboxes: 1, containers: 0, durationMs: 1234 });
  expect(headerLine(one)).toBe('worker-1   containerd 2.1.9   1 sandbox, 0 containers   1.2 s');
});

test.each([
  ['absent', 'worker-1   no container runtime   74 ms'],
  ['failed', 'worker-1   runtime does not answer   74 ms'],
] as const)('a runtime that is %s is said so', (status, line) => {
  const fact = { name: 'runtime' as const, status, ms: 1, problems: [], reason: '' };
  expect(headerLine(aReport([], { runtime: '', sandboxes: null, containers: null, facts: [fact] }))).toBe(
    line,
  );
});

test('a hostile host name stays on its line', () => {
  expect(headerLine(aReport([], { node: 'a\x1b[2J\nb' }))).toMatch(/^a\\x1b\[2J\\nb {3}containerd/);
});

test('counts', () => {
  const line = (checks: Parameters<typeof aReport>[0], over = {}) =>
    countsLine(aReport(checks, over), false, 80);
  expect(line([aCheck()])).toBe('1 check passes');
  expect(line(passes)).toBe('2 checks pass');
  const found = [aFinding(), aFinding({ severity: 'warning' }), aFinding({ severity: 'warning' })];
  expect(line([...passes, aCheck({ findings: found })])).toBe(
    '3 faults (1 error, 2 warnings); 2 checks pass',
  );
  expect(line([...passes, aCheck({ findings: [aFinding({ severity: 'info' })] })])).toBe(
    '2 checks pass; 1 for information (-v)',
  );
  expect(line(passes, { complete: false })).toBe('the run was cut short; 2 checks pass');
});

test('what could not be seen is named before what is not there', () => {
  const absent = aCheck({ verdict: 'skipped', reason: 'kubelet is not running' });
  const unseen = aCheck({ verdict: 'unknown', reason: 'no answer within 10 s' });
  const line = (...checks: (typeof absent)[]) => countsLine(aReport([...passes, ...checks]), false, 80);
  expect(line(absent, absent)).toBe('2 checks pass; 2 not judged: kubelet is not running (-v)');
  expect(line(absent, unseen)).toBe(
    '2 checks pass; 2 not judged: no answer within 10 s, and 1 other reason (-v)',
  );
  expect(countsLine(aReport([absent]), true, 80)).toBe('0 checks pass; 1 not judged');
});

test('what a finding explains is counted by its cause', () => {
  const subject = { kind: 'runtime' as const, id: '/run/a.sock' };
  const blind = (check: string) =>
    aCheck({
      verdict: 'unknown',
      reason: 'no answer within 10 s',
      explainedBy: [{ check, messageId: 'hangs', subject }],
    });
  const cause = aCheck({ id: 'runtime/hangs', failureTitle: 'The runtime hangs', findings: [aFinding()] });
  const absent = aCheck({ verdict: 'skipped', reason: 'no kubelet runs' });
  const line = (checks: (typeof absent)[], verbose = false) => countsLine(aReport(checks), verbose, 120);
  const frozen = [cause, blind('runtime/hangs'), blind('runtime/hangs')];
  expect(line(frozen)).toBe('1 fault (1 error); 0 checks pass; 2 not judged, because the runtime hangs (-v)');
  expect(line([...frozen, absent])).toBe(
    '1 fault (1 error); 0 checks pass; 2 not judged, because the runtime hangs; 1 more: no kubelet runs (-v)',
  );
  expect(line([...frozen, absent], true)).toBe(
    '1 fault (1 error); 0 checks pass; 2 not judged, because the runtime hangs; 1 more',
  );
  const cni = aCheck({ id: 'cni/x', failureTitle: 'CNI is not configured', findings: [aFinding()] });
  expect(line([...frozen, cni, blind('cni/x')])).toBe(
    '2 faults (2 errors); 0 checks pass; 3 not judged, because the runtime hangs, and 1 other reason (-v)',
  );
  expect(line([cni, blind('cni/x')])).toContain('because CNI is not configured');
});

test('what is accepted is counted by who accepts it, and what is gone with it', () => {
  const by = (who: 'configuration' | 'baseline') => ({
    ...aFinding(),
    ignored: { by: who, reason: '', until: '' },
  });
  const line = (ignored: ReturnType<typeof by>[], gone: number, verbose = false) => {
    const one = { fingerprint: '', check: '', severity: 'info' as const, message: '', since: '' };
    const baseline = {
      file: 'known\u001b[2J.json',
      takenAt: '',
      gone: Array.from({ length: gone }, () => one),
    };
    return countsLine(aReport([aCheck({ verdict: 'found', ignored })], { baseline }), verbose, 200);
  };
  expect(line([by('configuration')], 0)).toBe('0 checks pass; 1 ignored (-v)');
  expect(line([by('baseline'), by('baseline')], 1)).toBe(
    '0 checks pass; 3 known from known\\x1b[2J.json, 1 of them is gone (-v)',
  );
  expect(line([by('configuration'), by('baseline')], 2, true)).toBe(
    '0 checks pass; 1 ignored; 3 known from known\\x1b[2J.json, 2 of them are gone',
  );
  expect(line([], 2)).toBe('0 checks pass; 2 known from known\\x1b[2J.json, all of them are gone (-v)');
  expect(line([], 1)).toBe('0 checks pass; 1 known from known\\x1b[2J.json, and it is gone (-v)');
  expect(line([], 0)).toBe('0 checks pass');
});

test('a long reason is cut so that the line fits', () => {
  const line = countsLine(
    aReport([...passes, aCheck({ verdict: 'skipped', reason: 'because '.repeat(40) })]),
    false,
    80,
  );
  expect(line.length).toBeLessThanOrEqual(80);
  expect(line).toMatch(/^2 checks pass; 1 not judged: because because .*\.\.\. \(-v\)$/);
});

test('times', () => {
  expect([0.4, 74, 999, 1000, 15_040].map(milliseconds)).toEqual([
    '0 ms',
    '74 ms',
    '999 ms',
    '1.0 s',
    '15.0 s',
  ]);
});
