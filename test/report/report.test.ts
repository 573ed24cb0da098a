import { expect, test } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { buildReport } from '../../src/report/report.ts';
import { aCheck, aFinding } from '../support/report.ts';

const empty: Snapshot = {
  schema: 'podctl.snapshot/v1',
  podctl: '0.1.0',
  takenAt: '2026-01-02T03:04:05.678Z',
  durationMs: 7,
  complete: true,
  settings: { minAgeMs: 60_000 },
  facts: {},
};

test('a report has all keys even when nothing was seen', () => {
  expect(buildReport('0.1.0', empty, [])).toEqual({
    schema: 'podctl.report/v1',
    podctl: '0.1.0',
    node: '',
    takenAt: '2026-01-02T03:04:05.678Z',
    durationMs: 7,
    complete: true,
    runtime: '',
    sandboxes: null,
    containers: null,
    facts: [],
    checks: [],
    counts: { error: 0, warning: 0, info: 0, pass: 0, skipped: 0, unknown: 0, ignored: 0 },
    baseline: null,
    plans: [],
    applied: [],
  });
});

test('every fact is told with its problems or its reason', () => {
  const problem = { code: 'denied' as const, message: 'cannot read /x' };
  const facts: Snapshot['facts'] = {
    images: { status: 'partial', value: [], problems: [problem], ms: 1 },
    kubelet: { status: 'absent', reason: 'kubelet is not running', ms: 2 },
    store: { status: 'failed', problem, ms: 3 },
    sandboxes: { status: 'complete', value: [], ms: 4 },
  };
  const report = buildReport('0.1.0', { ...empty, facts }, []);
  expect(report.facts).toEqual([
    { name: 'images', status: 'partial', ms: 1, problems: [problem], reason: '' },
    { name: 'kubelet', status: 'absent', ms: 2, problems: [], reason: 'kubelet is not running' },
    { name: 'store', status: 'failed', ms: 3, problems: [problem], reason: '' },
    { name: 'sandboxes', status: 'complete', ms: 4, problems: [], reason: '' },
  ]);
  expect(report.sandboxes).toBe(0);
});

test('findings are counted by severity, checks by verdict', () => {
  const found = [aFinding(), aFinding({ severity: 'info' }), aFinding({ severity: 'warning' }), aFinding()];
  const checks = [
    aCheck({ findings: found }),
    aCheck(),
    aCheck({ verdict: 'skipped' }),
    aCheck({ verdict: 'unknown' }),
    aCheck({ verdict: 'unknown' }),
  ];
  expect(buildReport('0.1.0', empty, checks).counts).toEqual({
    error: 2,
    warning: 1,
    info: 1,
    pass: 1,
    skipped: 1,
    unknown: 2,
    ignored: 0,
  });
});
