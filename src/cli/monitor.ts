import type { Report } from '../model/report.ts';
import { cutBytes } from '../report/cut-bytes.ts';
import { escapeText } from '../report/escape.ts';
import { NPD_BYTES } from '../report/npd.ts';
import { exitCode, lackingFacts } from './exit-code.ts';
import type { MonitorFormat } from './output-asked.ts';
import type { DoctorRequest } from './request.ts';

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

/** A fault told to such a reader: it is nothing that the node could be blamed for. */
export function monitorFault(format: MonitorFormat, message: string): { text: string; code: number } {
  const line = escapeText(message);
  if (format === 'npd') return { text: `${cutBytes(line, NPD_BYTES)}\n`, code: NPD_UNKNOWN };
  return { text: `PODCTL UNKNOWN - ${line.replaceAll('|', '\u00a6')}\n`, code: NAGIOS_UNKNOWN };
}
