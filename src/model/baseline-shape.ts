import type { Baseline, BaselineTold, KnownFinding } from './baseline.ts';
import type { Severity } from './check.ts';
import { documentFault } from './document-shape.ts';
import { list, oneOf, record, text } from './shape.ts';
import { timeInUtc } from './shapes-common.ts';

export const severityShape = oneOf<Severity>('info', 'warning', 'error');

const knownFinding = record<KnownFinding>({
  fingerprint: text,
  check: text,
  severity: severityShape,
  message: text,
  since: timeInUtc,
});

const baselineShape = record<Baseline>({
  schema: oneOf('podctl.baseline/v1'),
  podctl: text,
  node: text,
  takenAt: timeInUtc,
  findings: list(knownFinding),
});

export const baselineToldShape = record<BaselineTold>({
  file: text,
  takenAt: timeInUtc,
  gone: list(knownFinding),
});

/** Why a parsed file cannot be used as a baseline, naming the place in it; null when it can. */
export function baselineFault(value: unknown): string | null {
  return documentFault(value, 'baseline') ?? baselineShape.fault(value, 'baseline');
}
