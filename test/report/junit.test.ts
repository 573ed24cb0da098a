import { expect, test } from 'vitest';
import { isUnsafe } from '../../src/report/escape.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';
import { hostileReport } from './broken-report.ts';
import { richReport } from './rich-report.ts';

const warning = aCheck({ findings: [aFinding({ severity: 'warning' }), aFinding({ severity: 'warning' })] });

test('what fails is decided by --fail-on', () => {
  const report = aReport([warning]);
  const failure = '<failure message="something is missing (and 1 more)" type="missing">';
  expect(renderJunit(report, 'warning')).toContain(failure);
  expect(renderJunit(report, 'info')).toContain(failure);
  for (const failOn of ['error', 'never'] as const) {
    expect(renderJunit(report, failOn)).not.toContain('<failure');
    expect(renderJunit(report, failOn)).toContain('<system-out>warning: something is missing');
  }
});

test('counts add up, at the root and in the suite', () => {
  const text = renderJunit(richReport, 'warning');
  const count = (pattern: RegExp) => (text.match(pattern) ?? []).length;
  const counts = `tests="${count(/<testcase /g)}" failures="${count(/<failure /g)}" errors="${count(/<error /g)}"`;
  expect(count(/<failure /g)).toBeGreaterThan(3);
  expect(text.split(counts)).toHaveLength(3);
  expect(text).toContain(`${counts} skipped="${count(/<skipped /g)}"`);
});

test('a run that was cut short is an error of its own, of the same name as when it was not', () => {
  const name = 'the whole node was looked at (worker-1)';
  expect(renderJunit(aReport([]), 'error')).toContain(`name="${name}" classname="podctl" time="0.074"/>`);
  const cut = renderJunit(aReport([], { complete: false }), 'error');
  expect(cut).toContain(`name="${name}" classname="podctl" time="0.074">`);
  expect(cut).toContain('errors="1"');
});

test('what is accepted fails nobody, and is told', () => {
  const text = renderJunit(richReport, 'error');
  expect(text).toContain('<skipped message="all that was found is accepted: 2"/>');
  expect(text).toContain('default/old runs without its sandbox (moved on Friday, until 2026-02-01)');
  expect(text).toContain('default/older runs without its sandbox (by the baseline)');
});

test('what XML cannot hold, and what moves a terminal, is visible', () => {
  const text = renderJunit(hostileReport, 'error');
  expect(text.split('\n').filter(isUnsafe)).toEqual([]);
  const odd = aFinding({ message: ']]> </failure> & "\' \ufffe \ud800 \0' });
  const one = renderJunit(aReport([aCheck({ findings: [odd] })]), 'error');
  expect(one).toContain('error: ]]&gt; &lt;/failure&gt; &amp; &quot;&apos; \ufffd \\ud800 \\x00');
});
