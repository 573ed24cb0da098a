import { expect, test } from 'vitest';
import { cutBytes } from '../../src/report/cut-bytes.ts';
import { isUnsafe } from '../../src/report/escape.ts';
import { renderNpd } from '../../src/report/npd.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';
import { brokenReport, hostileReport } from './broken-report.ts';

const leaked = aCheck({
  id: 'netns/leaked',
  findings: [1, 2, 3].map((n) => aFinding({ severity: 'warning', message: `nobody uses cni-${n}` })),
});

test.each([
  ['nothing was found', aReport([aCheck()]), '1 check passes'],
  ['three of a kind', aReport([leaked]), 'netns/leaked (3): nobody uses cni-1'],
  [
    'the worst comes first',
    aReport([leaked, aCheck({ findings: [aFinding()] })]),
    'sandbox/sample: something is missing; 1 more fault',
  ],
  [
    'information is no problem',
    aReport([aCheck({ findings: [aFinding({ severity: 'info' })] })]),
    '0 checks pass',
  ],
  ['not all was seen', aReport([], { complete: false }), 'the run was cut short'],
])('%s', (_, report, line) => {
  expect(renderNpd(report, [])).toBe(`${line}\n`);
});

test('one line of at most 80 bytes that moves no terminal', () => {
  const wide = aReport([aCheck({ findings: [aFinding({ message: '\u65e5\u672c\u{1f600}'.repeat(40) })] })]);
  for (const report of [brokenReport, hostileReport, wide]) {
    const text = renderNpd(report, []);
    expect(text.indexOf('\n')).toBe(text.length - 1);
    expect(Buffer.byteLength(text) - 1).toBeLessThanOrEqual(80);
    expect(Buffer.byteLength(text)).toBeGreaterThan(70);
    expect(isUnsafe(text.trimEnd())).toBe(false);
  }
});

test.each([
  ['short', 5, 'short'],
  ['longer', 5, 'lo...'],
  ['\u00e9\u00e9\u00e9', 5, '\u00e9...'],
  ['\u{1f600}\u{1f600}', 7, '\u{1f600}...'],
  ['\u{1f600}\u{1f600}', 6, '...'],
])('%s in %i bytes', (text, bytes, cut) => {
  expect(cutBytes(text, bytes)).toBe(cut);
});
