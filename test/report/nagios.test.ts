import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { isUnsafe } from '../../src/report/escape.ts';
import { nagiosState, renderNagios } from '../../src/report/nagios.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';
import { brokenReport, hostileReport } from './broken-report.ts';

const PERFORMANCE =
  /^errors=\d+;;0;0 warnings=\d+;0;;0 unknown=\d+;;;0 ignored=\d+;;;0 sandboxes=(\d+|U);;;0 containers=(\d+|U);;;0 time=\d+\.\d{3}s;;;0$/;

/** As Nagios takes an output apart: all text is before the first bar of the first line. */
function read(text: string): { status: string; performance: string; rest: string[] } {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const [status = '', performance = '', ...more] = first.split(' | ');
  expect(more).toEqual([]);
  return { status, performance, rest };
}

const warning = aCheck({ findings: [aFinding({ severity: 'warning' })] });
const error = aCheck({ id: 'cni/sample', findings: [aFinding()] });
const unknown = aCheck({ verdict: 'unknown', reason: 'the runtime does not answer' });

test.each([
  ['OK', aReport([aCheck()]), 'PODCTL OK - 1 check passes'],
  ['WARNING', aReport([warning, unknown]), 'PODCTL WARNING - sandbox/sample: something is missing'],
  ['CRITICAL', aReport([warning, error]), 'PODCTL CRITICAL - cni/sample: something is missing; 1 more fault'],
  [
    'UNKNOWN',
    aReport([unknown]),
    'PODCTL UNKNOWN - 1 not judged; sandbox/sample: the runtime does not answer',
  ],
  ['UNKNOWN', aReport([aCheck()], { complete: false }), 'PODCTL UNKNOWN - the run was cut short'],
] as const)('%s', (state, report, status) => {
  expect(nagiosState(report, [])).toBe(state);
  expect(read(renderNagios(report, [])).status).toBe(status);
});

test('a fact that had to be there is named with the reason', () => {
  const facts: Report['facts'] = [
    { name: 'runtime', status: 'absent', ms: 1, problems: [], reason: 'no container runtime' },
  ];
  const report = aReport([aCheck()], { facts });
  expect(nagiosState(report, ['runtime'])).toBe('UNKNOWN');
  expect(read(renderNagios(report, ['runtime'])).status).toBe(
    'PODCTL UNKNOWN - runtime is required: no container runtime',
  );
});

test('each finding has a line with its cure; a bar does not end a text', () => {
  const { performance, rest } = read(renderNagios(brokenReport, []));
  expect(performance).toMatch(PERFORMANCE);
  expect(rest).toHaveLength(8);
  expect(rest[0]).toMatch(/^ERROR image\/sandbox-image-missing: New pods cannot .*; do: crictl pull /);
  const barred = aReport([aCheck({ findings: [aFinding({ message: "a|b='x';1\n/c|d=2" })] })]);
  const { status, rest: lines } = read(renderNagios(barred, []));
  expect([status, ...lines].join('')).not.toContain('|');
  expect(lines).toHaveLength(1);
});

test('performance data has the same labels whatever is known', () => {
  const report = aReport([error], { sandboxes: null, containers: null });
  expect(read(renderNagios(report, [])).performance).toMatch(PERFORMANCE);
});

test('hostile names neither move a terminal nor make a plugin too long for its reader', () => {
  const many = aReport(Array.from({ length: 5000 }, () => hostileReport.checks).flat());
  for (const report of [hostileReport, many]) {
    const text = renderNagios(report, []);
    expect(isUnsafe(text.replaceAll('\n', ''))).toBe(false);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    expect(read(text).performance).toMatch(PERFORMANCE);
  }
  expect(renderNagios(many, [])).toMatch(/\n\.\.\. \d+ more: podctl doctor -v\n$/);
});
