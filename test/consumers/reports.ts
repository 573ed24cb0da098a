import fs from 'node:fs';
import path from 'node:path';
import { runChecks } from '../../src/check/engine.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import type { Report } from '../../src/model/report.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { buildReport } from '../../src/report/report.ts';
import { SCENARIOS } from '../e2e/recorded.ts';
import { richReport } from '../report/rich-report.ts';
import { hostile, PAYLOADS } from '../support/hostile.ts';
import { aCheck, aReport } from '../support/report.ts';

/** Of everything that a reader may meet, one: healthy, sick, cut short, and with hostile texts in every place. */
export const REPORTS: [string, Report][] = [
  ['a healthy node', aReport([aCheck()])],
  ['a sick node', richReport],
  ['a run that was cut short', aReport([aCheck()], { complete: false, node: '', runtime: '' })],
  ...Object.entries(PAYLOADS).map(([name, text]): [string, Report] => [
    `texts with ${name}`,
    hostile(richReport, text),
  ]),
];

/** Reports of nodes that were broken once, every `nth` of them. */
export async function recordedReports(nth: number): Promise<[string, Report][]> {
  const files = fs.readdirSync(SCENARIOS).filter((file) => file.endsWith('.snapshot.json'));
  const some = files.filter((_, n) => n % nth === 0);
  return Promise.all(
    some.map(async (file): Promise<[string, Report]> => {
      const snapshot: Snapshot = JSON.parse(fs.readFileSync(path.join(SCENARIOS, file), 'utf8'));
      const checks = await runChecks(builtinChecks, snapshot.facts, snapshot.settings);
      return [file, buildReport('0.1.0', snapshot, checks)];
    }),
  );
}
