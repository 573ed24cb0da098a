import type { Change } from '../../model/change.ts';
import type { Report } from '../../model/report.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { renderChanges } from '../../report/changes-text.ts';
import { escapeText } from '../../report/escape.ts';
import { renderLine } from '../../report/ndjson.ts';
import { renderText } from '../../report/text.ts';
import { writeReports } from '../doctor.ts';
import { textOptions } from '../render.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { WatchRequest } from './request.ts';

/** Tells of each look. */
export interface Teller {
  /** The first time the whole report, later what changed; and the files that were asked for, every time. */
  tell(report: Report, changes: readonly Change[], facts: Snapshot['facts']): Promise<void>;
}

export function createTeller(request: WatchRequest, terminal: Terminal): Teller {
  let isFirst = true;
  let trouble = '';

  /** A file that cannot be written ends the first look; later it is told, once, and the watch goes on. */
  async function write(report: Report, facts: Snapshot['facts']): Promise<void> {
    let now = '';
    try {
      await writeReports(report, request.look, terminal, facts);
    } catch (error) {
      if (isFirst || !(error instanceof UsageError)) throw error;
      now = error.message;
    }
    if (now !== trouble) terminal.err(`${now === '' ? 'reports are written again' : escapeText(now)}\n`);
    trouble = now;
  }

  return {
    async tell(report, changes, facts) {
      const text = await textOf(request, terminal, report, changes, isFirst);
      if (text !== '') terminal.out(text);
      await write(report, facts);
      isFirst = false;
    },
  };
}

async function textOf(
  { format, look }: WatchRequest,
  terminal: Terminal,
  report: Report,
  changes: readonly Change[],
  isFirst: boolean,
): Promise<string> {
  if (format === 'ndjson') return changes.map(renderLine).join('');
  const options = textOptions(format, look, terminal);
  return isFirst ? `${await renderText(report, options)}\n` : renderChanges(changes, options);
}
