import type { Report } from '../model/report.ts';
import { wrapLines } from './cut.ts';
import { detailLines } from './details.ts';
import { groupLines, type Layout } from './finding.ts';
import { type Group, groupFindings } from './groups.ts';
import { painter } from './paint.ts';
import { countsLine, headerLine } from './summary.ts';

export interface TextOptions {
  /** Columns of the terminal, 80 where there is none. Infinite: nothing is cut or wrapped. */
  width: number;
  colour: boolean;
  /** All subjects, information, what was not judged and why, times. */
  verbose: boolean;
}

const LINES = 4;

/** The report for people: what is wrong, worst first, then one line of counts. A healthy node takes two lines. */
export async function renderText(report: Report, options: TextOptions): Promise<string> {
  const layout: Layout = { width: options.width, all: options.verbose, paint: painter(options.colour) };
  const groups = groupFindings(report).filter(
    (g) => options.verbose || g.severity !== 'info' || isAskedFor(g),
  );
  const blocks: string[] = [];
  for (const group of groups) blocks.push(...(await groupLines(group, layout)), '');
  const details = options.verbose ? await detailLines(report, layout) : [];
  const body = [...blocks, ...details];
  const lines = [
    ...wrapLines(headerLine(report), options.width, LINES),
    ...(body.length > 0 ? ['', ...body] : []),
    ...wrapLines(countsLine(report, options.verbose, options.width), options.width, LINES),
  ];
  return `${lines.join('\n')}\n`;
}

/** That a canary works is what it was made to tell. */
function isAskedFor({ check }: Group): boolean {
  return check.startsWith('canary/');
}
