import { shellLine } from '../../check/shell-line.ts';
import type { Places } from '../../remedy/print.ts';
import { escapeText } from '../../report/escape.ts';
import { renderData } from '../sandbox/output.ts';
import type { Terminal } from '../terminal.ts';
import type { Cured } from './cure.ts';
import { cureData } from './data.ts';
import { cureExit } from './exit.ts';
import { savePlans } from './plan-file.ts';
import type { CureOutput, CureRequest } from './request.ts';
import { endText, objects, restText } from './text.ts';

/** Whether anything may come to be written: else no state folder is made and no lock taken. */
export function isWriting({ dryRun, planOut, yes }: CureRequest, terminal: Terminal): boolean {
  return !dryRun && planOut === null && (yes || terminal.canAsk());
}

/** Tells how it ended, and saves the plan where that was asked for. Gives the exit code. */
export async function finish(
  cured: Cured,
  request: CureRequest,
  { format }: CureOutput,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  if (format !== 'table') terminal.out(await renderData(cureData(cured, places), format));
  tellEnd(cured, request, format === 'table', terminal);
  return cureExit(cured);
}

/** What does not go and why, how many went, and what to type next; saves the plan where that was asked for. */
export function tellEnd(cured: Cured, request: CureRequest, asTable: boolean, terminal: Terminal): void {
  if (request.planOut !== null && cured.plans.length > 0) savePlans(request.planOut, request, cured);
  if (asTable) terminal.out(restText(cured) + summary(cured));
  for (const line of advice(cured, request)) terminal.err(`${escapeText(line)}\n`);
}

function summary(cured: Cured): string {
  if (cured.runs.length > 0) return endText(cured);
  if (cured.plans.length > 0) return `${objects(cured.plans.length)} would be cured\n`;
  return cured.items.length + cured.last.unseen.length + cured.last.uncured.length === 0
    ? 'nothing to cure\n'
    : '';
}

/** What to type next, for a person. */
function advice(cured: Cured, { argv, planOut }: CureRequest): string[] {
  const again = (...more: string[]) => shellLine(['podctl', ...argv, ...more]);
  if (cured.tooMany.length > 0) {
    const percent = Math.max(...cured.tooMany.map(({ going, of }) => Math.ceil((going * 100) / of)));
    return [
      'error: too large a share of a kind would go, so nothing was changed',
      `hint: look at the table; if it is right: ${again('--max-share', String(percent))}`,
    ];
  }
  if (cured.consent === 'refuse')
    return ['error: nothing was changed: nobody said yes', `hint: ${again('--yes')}`];
  if (cured.consent === 'no') return ['nothing was changed'];
  if (planOut !== null && cured.plans.length > 0)
    return [`hint: ${shellLine(['podctl', 'apply', planOut, '--yes'])} (within 10 minutes)`];
  return [];
}
