import { expect, test } from 'vitest';
import { exitCode } from '../../src/cli/exit-code.ts';
import type { Severity } from '../../src/model/check.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const found = (severity: Severity) => aCheck({ findings: [aFinding({ severity })] });
const unknown = aCheck({ verdict: 'unknown' });
const skipped = aCheck({ verdict: 'skipped' });

test.each([
  ['nothing', [aCheck()], 'error', 0],
  ['an error', [found('error')], 'error', 1],
  ['a warning', [found('warning')], 'error', 0],
  ['a warning that counts', [found('warning')], 'warning', 1],
  ['information', [found('info')], 'warning', 0],
  ['information that counts', [found('info')], 'info', 1],
  ['an error that does not count', [found('error')], 'never', 0],
  ['something unknown', [unknown], 'error', 3],
  ['something unknown, and an error', [unknown, found('error')], 'error', 1],
  ['something unknown, and a warning', [unknown, found('warning')], 'error', 3],
  ['something unknown, never', [unknown, found('error')], 'never', 3],
  ['something skipped', [skipped], 'error', 0],
] as const)('%s', (_, checks, failOn, code) => {
  expect(exitCode(aReport([...checks]), failOn, [])).toBe(code);
});

test('a run that was cut short is incomplete', () => {
  expect(exitCode(aReport([aCheck()], { complete: false }), 'error', [])).toBe(3);
});

test.each([
  ['complete', 0],
  ['partial', 0],
  ['absent', 3],
  ['failed', 3],
] as const)('a required fact that is %s', (status, code) => {
  const facts = [{ name: 'runtime' as const, status, ms: 1, problems: [], reason: '' }];
  expect(exitCode(aReport([], { facts }), 'error', ['runtime'])).toBe(code);
});

test('a required fact that was never collected is absent', () => {
  expect(exitCode(aReport(), 'error', ['store'])).toBe(3);
});
