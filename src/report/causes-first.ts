import { causeKey } from '../model/cause-key.ts';
import { severityRank } from '../model/severity.ts';
import type { Group } from './groups.ts';

/** Causes before what follows from them: without a runtime no image, without an image no sandbox. */
const AREAS = ['runtime', 'config', 'image', 'kubelet', 'cgroup', 'sandbox', 'netns', 'cni'];

/**
 * Worst first, among these by area. What a group explains follows it at once, and the group counts as much as the
 * worst of that.
 */
export function causesFirst(groups: readonly Group[]): Group[] {
  const byFinding = new Map(groups.flatMap((group) => keysOf(group).map((key) => [key, group])));
  const causes = new Map(groups.map((group) => [group, causesOf(group, byFinding)]));
  const effects = effectsOf(causes);
  const weights = new Map<Group, number>();
  const weight = (group: Group): number => {
    const known = weights.get(group);
    if (known !== undefined) return known;
    const heaviest = (effects.get(group) ?? []).map(weight);
    const own = Math.min(severityRank(group.severity), ...heaviest);
    weights.set(group, own);
    return own;
  };
  const sorted = (some: readonly Group[]) =>
    some.toSorted(
      (a, b) =>
        weight(a) - weight(b) ||
        areaRank(a.check) - areaRank(b.check) ||
        (a.check < b.check ? -1 : Number(a.check > b.check)),
    );
  const told = new Set<Group>();
  const tell = (group: Group) => {
    if (told.has(group) || ![...(causes.get(group) ?? [])].every((cause) => told.has(cause))) return;
    told.add(group);
    sorted(effects.get(group) ?? []).forEach(tell);
  };
  sorted(groups.filter((group) => causes.get(group)?.size === 0)).forEach(tell);
  return [...told];
}

function causesOf({ findings }: Group, byFinding: ReadonlyMap<string, Group>): Set<Group> {
  const keys = findings.flatMap(({ explainedBy }) => explainedBy.map(causeKey));
  return new Set(keys.flatMap((key) => byFinding.get(key) ?? []));
}

function effectsOf(causes: ReadonlyMap<Group, ReadonlySet<Group>>): Map<Group, Group[]> {
  const effects = new Map<Group, Group[]>([...causes.keys()].map((group) => [group, []]));
  for (const [group, some] of causes) for (const cause of some) effects.get(cause)?.push(group);
  return effects;
}

function keysOf({ check, findings }: Group): string[] {
  return findings.map(({ messageId, subject }) => causeKey({ check, messageId, subject }));
}

function areaRank(id: string): number {
  const rank = AREAS.indexOf(id.slice(0, id.indexOf('/')));
  return rank < 0 ? AREAS.length : rank;
}
