import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { richReport } from '../report/rich-report.ts';
import { folderForFile } from '../support/cli.ts';
import { rendered } from '../support/rendered.ts';
import { npmPackage } from './npm-package.ts';
import { REPORTS, recordedReports } from './reports.ts';

/** SARIF's own validator, with the official schema beside it. */
const MULTITOOL = '@microsoft/sarif-multitool-linux@5.7.0';
const folder = folderForFile();
const reports = [...REPORTS, ...(await recordedReports(10))];

async function validator() {
  const schema = path.join(await npmPackage(MULTITOOL), 'sarif-2.1.0.json');
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  return ajv.compile(JSON.parse(fs.readFileSync(schema, 'utf8')));
}

test('every report is as the schema of SARIF 2.1.0 wants it', async () => {
  const valid = await validator();
  for (const [name, report] of reports) {
    valid(JSON.parse(await rendered(report, 'sarif')));
    expect({ name, errors: valid.errors }).toEqual({ name, errors: null });
  }
});

test('the schema would say what is wrong', async () => {
  const valid = await validator();
  const sarif = JSON.parse(await rendered(richReport, 'sarif'));
  const [run] = sarif.runs;
  expect(valid({ ...sarif, version: '2.2.0' })).toBe(false);
  expect(valid({ ...sarif, runs: [{ ...run, results: [{ level: 'error' }] }] })).toBe(false);
  expect(valid({ ...sarif, runs: [{ ...run, found: [] }] })).toBe(false);
});

/** Asks for a place of the tool on the web, which it has none of yet. */
const NO_HOME = 'SARIF2005';

test("the rules of SARIF's own validator are kept", async () => {
  const tool = path.join(await npmPackage(MULTITOOL), 'Sarif.Multitool');
  fs.chmodSync(tool, 0o755);
  const files: string[] = [];
  for (const [n, [, report]] of reports.slice(0, 6).entries()) {
    const file = path.join(folder, `${n}.sarif`);
    fs.writeFileSync(file, await rendered(report, 'sarif'));
    files.push(file);
  }
  const ran = spawnSync(tool, ['validate', ...files], {
    encoding: 'utf8',
    env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', TMPDIR: folder },
  });
  expect(ran.stdout).toContain(`${files.length} files scanned`);
  const said = ran.stdout.split('\n').filter((line) => /: (warning|error) SARIF/.test(line));
  expect(said.filter((line) => !line.includes(NO_HOME))).toEqual([]);
});
