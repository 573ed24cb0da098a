import { baselineOf, holdAgainst } from '../check/baseline.ts';
import { writeFileAtomic } from '../host/write-file.ts';
import type { Baseline } from '../model/baseline.ts';
import { baselineFault } from '../model/baseline-shape.ts';
import type { Report, ReportedCheck } from '../model/report.ts';
import { reportFault } from '../model/report-shape.ts';
import { isObject } from '../model/shape.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { escapeText } from '../report/escape.ts';
import { buildReport } from '../report/report.ts';
import { describe } from './describe.ts';
import { readDocument } from './read-document.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

const READABLE = 0o644;

/** A baseline as it was named, and what it holds. */
export interface LoadedBaseline {
  file: string;
  known: Baseline;
}

/** Reads a baseline, or a report, whose findings are then what is known. Throws a UsageError that names the file. */
export function loadBaseline(file: string): LoadedBaseline {
  const hint = `podctl doctor --save-baseline ${file} writes one`;
  const value = readDocument(file, 'baseline', hint);
  const isReport = isObject(value) && value.schema === 'podctl.report/v1';
  const fault = isReport ? reportFault(value) : baselineFault(value);
  if (fault !== null) throw new UsageError(`${file}: ${fault}`, hint);
  return { file, known: isReport ? baselineOf(value as unknown as Report) : (value as Baseline) };
}

/** Saves what this report finds, and what `before` knows and nobody could judge now. Throws a UsageError. */
export function saveBaseline(file: string, report: Report, before: LoadedBaseline | null): void {
  try {
    const baseline = baselineOf(report, before?.known ?? null);
    writeFileAtomic(file, `${JSON.stringify(baseline, null, 2)}\n`, READABLE);
  } catch (error) {
    throw new UsageError(
      `cannot write the baseline ${file}: ${describe(error)}`,
      'name a file you may write',
    );
  }
}

/** The report of what the checks say, with what is known set apart. */
export function reportAgainst(
  { file, known }: LoadedBaseline,
  snapshot: Snapshot,
  checks: readonly ReportedCheck[],
): Report {
  const held = holdAgainst(known, checks);
  return buildReport(VERSION, snapshot, held.checks, { file, takenAt: known.takenAt, gone: held.gone });
}

/** Says so when a baseline is of another node: that is allowed, where nodes are made alike. */
export function noteOtherNode(
  baseline: LoadedBaseline | null,
  { node }: Report,
  terminal: Pick<Terminal, 'err'>,
): void {
  const of = baseline?.known.node ?? '';
  if (of === '' || node === '' || of === node) return;
  terminal.err(
    `${escapeText(`note: the baseline ${baseline?.file} was taken on ${of}, and this is ${node}`)}\n`,
  );
}
