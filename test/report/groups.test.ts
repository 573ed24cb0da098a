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

const SUBJECT = { kind: 'file' as const, id: '/etc/a' };
const from = (check: string) => [{ check, messageId: 'missing', subject: SUBJECT }];
const about = (over: object) => aFinding({ subject: SUBJECT, ...over });

test('a cause is told before what it explains, however bad that is, and counts as much', () => {
  const report = aReport([
    aCheck({ id: 'cni/effect', findings: [about({ severity: 'error', explainedBy: from('config/cause') })] }),
    aCheck({ id: 'config/cause', findings: [about({ severity: 'warning' })] }),
    aCheck({ id: 'netns/other', findings: [about({ severity: 'error' })] }),
    aCheck({ id: 'runtime/minor', findings: [about({ severity: 'warning' })] }),
    aCheck({
      id: 'sandbox/last',
      findings: [about({ severity: 'warning', explainedBy: from('cni/effect') })],
    }),
  ]);
  expect(groupFindings(report).map((g) => [g.check, g.cause])).toEqual([
    ['config/cause', null],
    ['cni/effect', 'config/cause'],
    ['sandbox/last', 'cni/effect'],
    ['netns/other', null],
    ['runtime/minor', null],
  ]);
});

test('what has two causes follows the later one', () => {
  const both = [...from('config/a'), ...from('runtime/b')];
  const report = aReport([
    aCheck({ id: 'cni/effect', findings: [about({ explainedBy: both })] }),
    aCheck({ id: 'config/a', findings: [about({})] }),
    aCheck({ id: 'runtime/b', findings: [about({})] }),
  ]);
  expect(groupFindings(report).map((g) => g.check)).toEqual(['runtime/b', 'config/a', 'cni/effect']);
});

test('what a cause explains is told apart from the rest of its check', () => {
  const report = aReport([
    aCheck({
      id: 'cni/effect',
      findings: [about({ explainedBy: from('config/cause') }), about({}), about({})],
    }),
    aCheck({ id: 'config/cause', findings: [about({})] }),
  ]);
  expect(groupFindings(report).map((g) => [g.check, g.cause, g.findings.length])).toEqual([
    ['config/cause', null, 1],
    ['cni/effect', 'config/cause', 1],
    ['cni/effect', null, 2],
  ]);
});

test('each of many explained by all before it', () => {
  const ids = Array.from({ length: 60 }, (_, n) => `sandbox/link-${n}`);
  const checks = ids.map((id, n) =>
    aCheck({ id, findings: [about({ explainedBy: ids.slice(0, n).flatMap(from) })] }),
  );
  expect(groupFindings(aReport(checks.toReversed())).map((g) => g.check)).toEqual(ids);
});
