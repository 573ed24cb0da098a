import { expect, test } from 'vitest';
import { renderNagios } from '../../src/report/nagios.ts';
import { renderNpd } from '../../src/report/npd.ts';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { aReport } from '../support/report.ts';
import { brokenReport } from './broken-report.ts';

test.each([
  ['nagios', renderNagios(brokenReport, [])],
  ['nagios-ok', renderNagios(aReport(), [])],
  ['npd', renderNpd(brokenReport, [])],
  ['prometheus', renderPrometheus(brokenReport)],
])('%s is what it was', async (name, text) => {
  await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
});
