import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { NO_POLICY } from '../../src/check/policy.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { judgeSnapshot } from '../../src/cli/judge.ts';
import type { Report } from '../../src/model/report.ts';
import { reportFault } from '../../src/model/report-shape.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderJson } from '../../src/report/json.ts';
import { buildReport } from '../../src/report/report.ts';
import { brokenReport, hostileReport } from '../report/broken-report.ts';
import { reportOf, root, runPodctl } from '../support/cli.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const SCENARIOS = path.join(root, 'test/scenarios');
const judges = { checks: builtinChecks, policy: NO_POLICY };
const recorded = fs.readdirSync(SCENARIOS).filter((file) => file.endsWith('.snapshot.json'));
let faultOf: (report: unknown) => string | null;

beforeAll(async () => {
  const { code, stdout } = await runPodctl(['doctor', '--schema']);
  expect(code).toBe(0);
  const ajv = new Ajv2020({ allErrors: false, strict: true });
  const validate = ajv.compile(JSON.parse(stdout));
  faultOf = (report) => (validate(report) ? null : ajv.errorsText(validate.errors));
});

test('it is a schema of draft 2020-12', async () => {
  const { stdout } = await runPodctl(['doctor', '--schema']);
  const schema = JSON.parse(stdout);
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'podctl.report/v1',
    required: expect.arrayContaining(['schema', 'facts', 'checks', 'counts', 'plans', 'applied']),
  });
  expect(new Ajv2020().validateSchema(schema)).toBe(true);
});

test('every recorded node gives a report that it lets through', async () => {
  const faults: string[] = [];
  for (const file of recorded) {
    const snapshot: Snapshot = JSON.parse(fs.readFileSync(path.join(SCENARIOS, file), 'utf8'));
    const report = buildReport('0.1.0', snapshot, await judgeSnapshot(judges, snapshot));
    const fault = faultOf(JSON.parse(renderJson(report)));
    if (fault !== null) faults.push(`${file}: ${fault}`);
  }
  expect(faults).toEqual([]);
  expect(recorded.length).toBeGreaterThan(100);
});

test('so does this machine, as the command prints it', async () => {
  expect(faultOf((await reportOf([])).report)).toBeNull();
});

const accepted = aCheck({
  ignored: [{ ...aFinding(), ignored: { by: 'configuration', reason: 'known', until: '2027-01-01' } }],
});

test.each([
  ['broken', brokenReport],
  ['hostile', hostileReport],
  ['with what was accepted', aReport([accepted])],
])('and a node that is %s', (_, report) => {
  expect(faultOf(JSON.parse(renderJson(report)))).toBeNull();
});

describe('a damaged report fails', () => {
  const damaged = (harm: (report: Record<string, unknown>) => void): unknown => {
    const report = JSON.parse(renderJson(brokenReport));
    harm(report);
    return report;
  };
  const first = (report: Record<string, unknown>) =>
    (report as unknown as Report).checks.find(({ findings }) => findings.length > 0) as never as Record<
      string,
      unknown
    >;

  test.each<[string, (report: Record<string, unknown>) => void]>([
    ['of another schema', (r) => Object.assign(r, { schema: 'podctl.report/v2' })],
    ['without checks', (r) => delete r.checks],
    ['with a text for a number', (r) => Object.assign(r, { durationMs: '74' })],
    ['of no time', (r) => Object.assign(r, { takenAt: 'yesterday' })],
    [
      'with a count of half a finding',
      (r) => Object.assign(r, { counts: { ...brokenReport.counts, error: 0.5 } }),
    ],
    ['with a verdict that is none', (r) => Object.assign(first(r), { verdict: 'maybe' })],
    ['with findings that are no list', (r) => Object.assign(first(r), { findings: {} })],
    [
      'with a finding about nothing',
      (r) => Object.assign(first(r), { findings: [{ ...aFinding(), subject: null }] }),
    ],
    [
      'with data that is a list',
      (r) => Object.assign(first(r), { findings: [{ ...aFinding(), data: { a: [] } }] }),
    ],
    ['that is none', (r) => Object.keys(r).map((key) => delete r[key])],
  ])('%s', (_, harm) => {
    const report = damaged(harm);
    expect(faultOf(report)).not.toBeNull();
    // The reader of podctl's own says the same.
    expect(reportFault(report)).not.toBeNull();
  });
});
