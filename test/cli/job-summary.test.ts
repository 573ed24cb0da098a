import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { addJobSummary, fitting } from '../../src/cli/job-summary.ts';
import { richReport } from '../report/rich-report.ts';
import { temporaryFolder } from '../support/node-tree.ts';

test('the report is added to what is there', () => {
  const file = path.join(temporaryFolder(), 'summary');
  fs.writeFileSync(file, 'before\n');
  addJobSummary(file, richReport, []);
  expect(fs.readFileSync(file, 'utf8')).toMatch(/^before\n## 🔴 podctl doctor: worker-1\n/);
});

test('what does not fit is left out, whole blocks of it', () => {
  const text = 'head\n\n### one\n\n```\na\n```\n\n### two\n\n```\nb\n```\n';
  expect(fitting(text, 1000)).toBe(text);
  expect(fitting(text, text.length - 1)).toBe('');
  const long = `head\n\n### one\n\n${'x'.repeat(100)}\n\n### two\n\n${'y'.repeat(100)}\n`;
  expect(fitting(long, 200)).toBe(
    `head\n\n### one\n\n${'x'.repeat(100)}\n\nThe rest does not fit here; it is in the log.\n`,
  );
});

test('a summary that cannot be written is a fault of the setting', () => {
  const missing = path.join(temporaryFolder(), 'no/such');
  expect(() => addJobSummary(missing, richReport, [])).toThrow(
    /cannot write the summary of the job, .*no\/such/,
  );
});
