import type { Report } from '../model/report.ts';
import { cutBytes } from '../report/cut-bytes.ts';
import { escapeText } from '../report/escape.ts';
import { NPD_BYTES } from '../report/npd.ts';
import { exitCode, lackingFacts } from './exit-code.ts';
import type { DoctorRequest } from './request.ts';

/** Formats whose readers have exit codes of their own. */
export type MonitorFormat = 'nagios' | 'npd';

const NAGIOS_UNKNOWN = 3;
const NPD_UNKNOWN = 2;

/** The exit code of the format that stdout shows; null: the usual ones. */
export async function monitorExit(
  report: Report,
  { output, failOn, require }: DoctorRequest,
): Promise<number | null> {
  if (output === 'npd') return Math.min(exitCode(report, failOn, require), NPD_UNKNOWN);
  if (output !== 'nagios') return null;
  const { NAGIOS_STATES, nagiosState } = await import('../report/nagios.ts');
  return NAGIOS_STATES.indexOf(nagiosState(report, lackingFacts(report, require)));
}

/** Who reads what a command line that could not be carried out prints; null: nobody but people. */
export function monitorOf(argv: readonly string[]): MonitorFormat | null {
  if (!argv.includes('doctor')) return null;
  const words = argv.join('\0');
  const found = /(?:^|\0)(?:-o=?|--output=|(?:-o|--output)\0)(nagios|npd)(?:\0|$)/.exec(words)?.[1];
  return found === 'nagios' || found === 'npd' ? found : null;
}

/** A fault told to such a reader: it is nothing that the node could be blamed for. */
export function monitorFault(format: MonitorFormat, message: string): { text: string; code: number } {
  const line = escapeText(message);
  if (format === 'npd') return { text: `${cutBytes(line, NPD_BYTES)}\n`, code: NPD_UNKNOWN };
  return { text: `PODCTL UNKNOWN - ${line.replaceAll('|', '\u00a6')}\n`, code: NAGIOS_UNKNOWN };
}
