import type { Report } from '../../model/report.ts';
import { columns } from '../../report/columns.ts';
import { escapeText } from '../../report/escape.ts';
import { groupLines, type Layout } from '../../report/finding.ts';
import { groupFindings } from '../../report/groups.ts';
import { renderJson } from '../../report/json.ts';
import { painter } from '../../report/paint.ts';
import { buildReport } from '../../report/report.ts';
import { milliseconds } from '../../report/summary.ts';
import { type Args, one, oneOf } from '../args.ts';
import { elsewhere } from '../assemble.ts';
import { COLOUR_MODES, wantsColour } from '../colour.ts';
import { exitCode, FAIL_ON } from '../exit-code.ts';
import { judgeSnapshot, withOwnConfig } from '../judge.ts';
import { kindOf } from '../kind-of.ts';
import { see, wantedBy } from '../look.ts';
import { lookOptions } from '../look-options.ts';
import type { Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';
import { rulingOfFile } from './ruling-of-file.ts';

const FORMATS = ['table', 'json'] as const;
const GAP = 3;

/** What the checks of one file say of this node or of a saved one, in full; gives the exit code of the doctor. */
export async function judgeByFile(file: string, args: Args, terminal: Terminal): Promise<number> {
  const failOn = oneOf('--fail-on', FAIL_ON, one(args, 'fail-on') ?? 'error');
  const format = oneOf('-o', FORMATS, one(args, 'output') ?? 'table');
  const options = lookOptions(args, kindOf);
  const ruling = await rulingOfFile(file, elsewhere(args));
  const wanted = wantedBy({ checks: ruling.checks, require: [], saveSnapshot: null });
  const { snapshot, interrupted } = await see(wanted, options, terminal);
  const given = withOwnConfig(snapshot, ruling.policy);
  const report = buildReport(VERSION, given, await judgeSnapshot(ruling, given));
  terminal.out(format === 'json' ? renderJson(report) : await text(report, args, terminal));
  return interrupted ?? exitCode(report, failOn, []);
}

/** Each check with its verdict, then what it found, as the doctor tells it. */
async function text(
  report: Report,
  args: Args,
  { columns: width, env, isTerminal }: Terminal,
): Promise<string> {
  const mode = oneOf('--color', COLOUR_MODES, one(args, 'color') ?? 'auto');
  const layout: Layout = { width, all: true, paint: painter(wantsColour(mode, env, isTerminal)) };
  const rows = report.checks.map(({ id, verdict, ms, reason }) => [
    id,
    verdict,
    milliseconds(ms),
    escapeText(reason),
  ]);
  const blocks: string[] = [];
  for (const group of groupFindings(report)) blocks.push('', ...(await groupLines(group, layout)));
  return `${[...(await columns(rows, GAP)), ...blocks].join('\n')}\n`;
}
