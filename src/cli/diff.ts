import { NO_POLICY } from '../check/policy.ts';
import type { Report } from '../model/report.ts';
import { reportFault } from '../model/report-shape.ts';
import { isObject } from '../model/shape.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { snapshotFault } from '../model/snapshot-shape.ts';
import { diffOf, type Side } from '../report/diff.ts';
import { factsOfReport, factsOfSnapshot } from '../report/diff-facts.ts';
import { renderDiff } from '../report/diff-text.ts';
import { renderJson } from '../report/json.ts';
import { renderLine } from '../report/ndjson.ts';
import { buildReport } from '../report/report.ts';
import { type Args, one, oneOf } from './args.ts';
import { builtinChecks } from './builtin-checks.ts';
import { COLOUR_MODES } from './colour.ts';
import { judgeSnapshot } from './judge.ts';
import { readDocument } from './read-document.ts';
import { textOptions } from './render.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

/** Two sides are judged alike, whatever is accepted on this machine. */
const OURS = { checks: builtinChecks, policy: NO_POLICY };
const FORMATS = ['table', 'wide', 'json', 'ndjson', 'yaml'] as const;
const HINT = 'podctl doctor -o json > FILE writes a report, --save-snapshot FILE a snapshot';

/** `podctl diff A B`: 0 the same is found in both, 1 something changed. */
export async function diffCommand(args: Args, terminal: Terminal): Promise<number> {
  const format = oneOf('-o', FORMATS, one(args, 'output') ?? 'table');
  const colour = oneOf('--color', COLOUR_MODES, one(args, 'color') ?? 'auto');
  const from = await sideOf(one(args, 'from') ?? '');
  const to = await sideOf(one(args, 'to') ?? '');
  const diff = diffOf(
    VERSION,
    from,
    to,
    builtinChecks.map(({ meta }) => meta),
  );
  if (format === 'json') terminal.out(renderJson(diff));
  else if (format === 'ndjson') terminal.out(diff.changes.map(renderLine).join(''));
  else if (format === 'yaml') terminal.out(await (await import('../report/yaml.ts')).renderYaml(diff));
  else {
    const verbosity = Number(args.verbose ?? 0);
    terminal.out(await renderDiff(diff, textOptions(format, { colour, verbosity }, terminal)));
  }
  return diff.changes.length === 0 ? 0 : 1;
}

/** A report as it was written, or what the checks of this podctl say of a snapshot. Throws a UsageError. */
async function sideOf(file: string): Promise<Side> {
  const value = readDocument(file, 'report or snapshot', HINT);
  const schema = isObject(value) ? value.schema : undefined;
  const isSnapshot = typeof schema === 'string' && schema.startsWith('podctl.snapshot/');
  const fault = isSnapshot ? snapshotFault(value) : reportFault(value);
  if (fault !== null) throw new UsageError(`${file}: ${fault}`, HINT);
  if (!isSnapshot) {
    const report = value as Report;
    return { file, schema: 'podctl.report/v1', report, facts: factsOfReport(report) };
  }
  const snapshot = value as Snapshot;
  const report = buildReport(snapshot.podctl, snapshot, await judgeSnapshot(OURS, snapshot));
  return { file, schema: 'podctl.snapshot/v1', report, facts: factsOfSnapshot(report, snapshot) };
}
