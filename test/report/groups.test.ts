import { expect, test } from 'vitest';
import { groupFindings } from '../../src/report/groups.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

test('worst first, and among these the cause before what follows', () => {
  const report = aReport(
    [
      ['cni/a', 'error'],
      ['netns/b', 'error'],
      ['sandbox/c', 'warning'],
      ['other/z', 'error'],
      ['image/d', 'error'],
      ['runtime/e', 'info'],
      ['config/f', 'error'],
      ['runtime/g', 'warning'],
    ].map(([id = '', severity = '']) =>
      aCheck({ id, findings: [aFinding({ severity: severity as 'error' })] }),
    ),
  );
  expect(groupFindings(report).map((g) => g.check)).toEqual([
    'config/f',
    'image/d',
    'netns/b',
    'cni/a',
    'other/z',
    'runtime/g',
    'sandbox/c',
    'runtime/e',
  ]);
});

test('findings of one check share a group when message and severity are the same', () => {
  const report = aReport([
    aCheck({
      findings: [
        aFinding({ messageId: 'one' }),
        aFinding({ messageId: 'two' }),
        aFinding({ messageId: 'one', severity: 'warning' }),
        aFinding({ messageId: 'one' }),
      ],
    }),
  ]);
  expect(groupFindings(report).map((g) => [g.severity, g.findings.length])).toEqual([
    ['error', 2],
    ['error', 1],
    ['warning', 1],
  ]);
});
