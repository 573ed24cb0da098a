import type { FactName } from '../model/facts.ts';
import type { Report } from '../model/report.ts';
import { cutBytes } from './cut-bytes.ts';
import { escapeText } from './escape.ts';
import { groupFindings } from './groups.ts';
import { sayGroup, sayNothing } from './one-line.ts';

/** What node-problem-detector keeps of a line unless it is told otherwise. */
export const NPD_BYTES = 80;

/** One line of at most 80 bytes, for a custom plugin of node-problem-detector: the worst of what was found. */
export function renderNpd(report: Report, lacking: readonly FactName[]): string {
  const groups = groupFindings(report).filter(({ severity }) => severity !== 'info');
  const [worst] = groups;
  const said = worst ? sayGroup(worst, groups) : sayNothing(report, lacking);
  return `${cutBytes(escapeText(said), NPD_BYTES)}\n`;
}
