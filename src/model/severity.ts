import type { Severity } from './check.ts';

/** The worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** From which severity on a finding makes somebody fail. */
export type FailOn = Severity | 'never';

/** Its place among them: the smaller, the worse. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

export function isWorse(one: Severity, other: Severity): boolean {
  return severityRank(one) < severityRank(other);
}

/** Whether a finding of this severity is at or above the one that was named. */
export function fails(severity: Severity, failOn: FailOn): boolean {
  return failOn !== 'never' && !isWorse(failOn, severity);
}
