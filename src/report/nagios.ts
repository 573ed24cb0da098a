import type { FactName } from '../model/facts.ts';
import type { Report } from '../model/report.ts';
import { cutBytes } from './cut-bytes.ts';
import { escapeText } from './escape.ts';
import { groupFindings } from './groups.ts';
import { sayGroup, sayNothing } from './one-line.ts';

/** In the order of their exit codes. */
export const NAGIOS_STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export type NagiosState = (typeof NAGIOS_STATES)[number];

/** Of what a plugin prints, Nagios 3 reads the first 4 KiB. */
const MAX_BYTES = 4096;
const STATUS_BYTES = 400;
const LINE_BYTES = 600;

/** `lacking`: facts that had to be there and are not. What was found weighs more than what was not seen. */
export function nagiosState(report: Report, lacking: readonly FactName[]): NagiosState {
  if (report.counts.error > 0) return 'CRITICAL';
  if (report.counts.warning > 0) return 'WARNING';
  return !report.complete || report.counts.unknown > 0 || lacking.length > 0 ? 'UNKNOWN' : 'OK';
}

/**
 * The output of a Nagios plugin: status line with performance data, then a finding and its cure in each line.
 * Performance data holds nothing that came from the node, and always the same labels.
 */
export function renderNagios(report: Report, lacking: readonly FactName[]): string {
  const groups = groupFindings(report);
  const [worst] = groups.filter(({ severity }) => severity !== 'info');
  const said = worst ? sayGroup(worst, groups) : sayNothing(report, lacking);
  const status = `PODCTL ${nagiosState(report, lacking)} - ${cutBytes(plain(said), STATUS_BYTES)}`;
  const lines = groups.flatMap(({ severity, check, findings }) =>
    findings.map(({ message, remedies: [cure] }) => {
      const line = `${severity.toUpperCase()} ${check}: ${message}`;
      return cutBytes(plain(cure ? `${line}; do: ${cure.commands[0] ?? cure.title}` : line), LINE_BYTES);
    }),
  );
  return `${[`${status} | ${performanceData(report)}`, ...fitting(lines, MAX_BYTES / 2)].join('\n')}\n`;
}

/** As many as there is room for; what is left out is counted. */
function fitting(lines: readonly string[], room: number): string[] {
  let left = room;
  const shown = lines.filter((line) => {
    left -= Buffer.byteLength(line) + 1;
    return left >= 0;
  });
  const more = lines.length - shown.length;
  return more === 0 ? shown : [...shown, `... ${more} more: podctl doctor -v`];
}

/** A bar ends a text and begins performance data. */
function plain(text: string): string {
  return escapeText(text).replaceAll('|', '\u00a6');
}

function performanceData({ counts, sandboxes, containers, durationMs }: Report): string {
  return [
    `errors=${counts.error};;0;0`,
    `warnings=${counts.warning};0;;0`,
    `unknown=${counts.unknown};;;0`,
    `ignored=${counts.ignored};;;0`,
    `sandboxes=${amount(sandboxes)};;;0`,
    `containers=${amount(containers)};;;0`,
    `time=${(durationMs / 1000).toFixed(3)}s;;;0`,
  ].join(' ');
}

/** U is what could not be determined. */
function amount(count: number | null): string {
  return count === null ? 'U' : String(count);
}
