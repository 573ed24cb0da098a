import type { FactName } from '../model/facts.ts';
import type { Report } from '../model/report.ts';
import type { Group } from './groups.ts';

/** `netns/leaked (3): nobody uses /run/netns/cni-1; 2 more faults`: the worst, for readers with one line. */
export function sayGroup({ check, findings }: Group, all: readonly Group[]): string {
  const count = findings.length > 1 ? ` (${findings.length})` : '';
  const others = all.filter(({ severity }) => severity !== 'info').length - 1;
  const more = others > 0 ? `; ${others} more ${others === 1 ? 'fault' : 'faults'}` : '';
  return `${check}${count}: ${findings[0]?.message ?? ''}${more}`;
}

/** What is said when nothing was found: how much was looked at, or why that is not all. */
export function sayNothing(
  { complete, checks, counts, facts }: Report,
  lacking: readonly FactName[],
): string {
  if (!complete) return 'the run was cut short';
  const [required] = lacking;
  if (required !== undefined) {
    const fact = facts.find(({ name }) => name === required);
    return `${required} is required: ${fact?.reason || fact?.problems[0]?.message || 'it was not seen'}`;
  }
  const unknown = checks.find(({ verdict }) => verdict === 'unknown');
  if (unknown) return `${counts.unknown} not judged; ${unknown.id}: ${unknown.reason}`;
  return `${counts.pass} ${counts.pass === 1 ? 'check passes' : 'checks pass'}`;
}
