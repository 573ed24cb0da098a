import type { FactName } from '../model/facts.ts';
import type { Report } from '../model/report.ts';
import { type FailOn, fails, SEVERITIES } from '../model/severity.ts';

export const FAIL_ON: readonly FailOn[] = [...SEVERITIES, 'never'];

export const EXIT_USAGE = 2;

/** 1: findings at or above `failOn`; 3: not all could be seen; else 0. */
export function exitCode(report: Report, failOn: FailOn, required: readonly FactName[]): 0 | 1 | 3 {
  if (SEVERITIES.some((severity) => fails(severity, failOn) && report.counts[severity] > 0)) return 1;
  const isLacking = lackingFacts(report, required).length > 0;
  return !report.complete || report.counts.unknown > 0 || isLacking ? 3 : 0;
}

/** Those of the facts that had to be there which are not. */
export function lackingFacts(report: Report, required: readonly FactName[]): FactName[] {
  return required.filter((name) => !isThere(report, name));
}

function isThere(report: Report, name: FactName): boolean {
  const status = report.facts.find((f) => f.name === name)?.status;
  return status === 'complete' || status === 'partial';
}
