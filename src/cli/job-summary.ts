import fs from 'node:fs';
import type { CheckMeta } from '../model/check.ts';
import type { Report } from '../model/report.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { describe } from './describe.ts';
import { UsageError } from './usage-error.ts';

/** GitHub refuses the summary of a step that is larger, in bytes; other lines of the step may be there already. */
const MAX_SUMMARY = 1024 * 1024;
const CUT = '\n\nThe rest does not fit here; it is in the log.\n';

/** Adds the report to the summary of the job. Throws a UsageError when that cannot be written. */
export function addJobSummary(file: string, report: Report, metas: readonly CheckMeta[]): void {
  try {
    const fd = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_APPEND | fs.constants.O_CREAT, 0o644);
    try {
      const room = MAX_SUMMARY - fs.fstatSync(fd).size;
      fs.writeFileSync(fd, fitting(renderMarkdown(report, metas), room));
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    throw new UsageError(
      `cannot write the summary of the job, ${file}: ${describe(error)}`,
      'GITHUB_STEP_SUMMARY must name a file you may write',
    );
  }
}

/** Whole blocks only: a fence that is not closed would swallow what other steps write. */
export function fitting(text: string, room: number): string {
  if (Buffer.byteLength(text) <= room) return text;
  const blocks = text.split('\n\n### ');
  let cut = '';
  for (const [n, block] of blocks.entries()) {
    const longer = n === 0 ? block : `${cut}\n\n### ${block}`;
    if (Buffer.byteLength(longer + CUT) > room) break;
    cut = longer;
  }
  return cut === '' ? '' : cut + CUT;
}
