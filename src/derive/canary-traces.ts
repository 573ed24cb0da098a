import type { FactName, Facts } from '../model/facts.ts';
import { knownValue, type Outcome } from '../model/outcome.ts';
import { sameRunPath } from './process.ts';

type FactOutcomes = Partial<{ [N in FactName]: Outcome<Facts[N]> }>;

/** What a sandbox was known by while it was there. */
export interface CanaryTraces {
  /** Of the sandbox and its containers. */
  ids: string[];
  /** Where its network namespace was pinned. */
  pins: string[];
  /** The node's ends of its links. */
  links: { index: number; name: string }[];
}

/** Facts in which something of one of podctl's own sandboxes would show. */
export const OWN_TRACE_FACTS: readonly FactName[] = [
  'reservations',
  'cniCache',
  'pins',
  'networks',
  'ownSandboxes',
  'processes',
];

/** The same of a runtime's. */
export const TRACE_FACTS: readonly FactName[] = [
  ...OWN_TRACE_FACTS,
  'cgroups',
  'bundles',
  'store',
  'storeContainers',
  'sandboxes',
  'containers',
];

/** Of these facts, those that could not be seen whole: of them nobody can say that nothing is left. */
export function unseenOf(facts: FactOutcomes, names: readonly FactName[]): FactName[] {
  return names.filter((name) => ['failed', 'partial'].includes(facts[name]?.status ?? 'failed'));
}

/** What is there of a sandbox, in words: a kind, and where it is. A fact that could not be seen says nothing. */
export function leftOf(facts: FactOutcomes, { ids, pins, links }: CanaryTraces): string[] {
  const known = new Set(ids);
  const isOurs = (id: string | null | undefined) => id !== null && id !== undefined && known.has(id);
  const names = (text: string) => ids.some((id) => text.includes(id));
  const of = <T>(outcome: Outcome<T> | undefined): T | undefined => knownValue(outcome);
  const left = [
    ...(of(facts.reservations)?.reservations ?? [])
      .filter((r) => isOurs(r.containerId))
      .map((r) => `reservation ${r.path}`),
    ...(of(facts.cniCache)?.entries ?? [])
      .filter((e) => isOurs(e.containerId))
      .map((e) => `cached result ${e.path}`),
    ...(of(facts.pins)?.pins ?? [])
      .filter(({ path }) => names(path) || pins.some((pin) => sameRunPath(pin, path)))
      .map(({ path }) => `pin ${path}`),
    ...(of(facts.networks)?.host.seen?.links ?? [])
      .filter((link) => links.some(({ index, name }) => index === link.index && name === link.name))
      .map(({ name }) => `link ${name}`),
    ...(of(facts.cgroups) ?? [])
      .filter(({ containers, path }) => containers.some(isOurs) || names(path))
      .map(({ path }) => `cgroup ${path}`),
    ...(of(facts.bundles) ?? []).filter(({ id }) => isOurs(id)).map(({ dir }) => `bundle ${dir}`),
    ...[...(of(facts.store)?.records ?? []), ...(of(facts.storeContainers) ?? [])]
      .filter(({ id }) => isOurs(id))
      .map(({ id }) => `record ${id}`),
    ...(of(facts.store)?.sandboxes ?? []).filter(isOurs).map((id) => `record ${id} of the sandbox store`),
    ...(of(facts.sandboxes) ?? []).filter(({ id }) => isOurs(id)).map(({ id }) => `sandbox ${id}`),
    ...(of(facts.containers) ?? []).filter(({ id }) => isOurs(id)).map(({ id }) => `container ${id}`),
    ...(of(facts.ownSandboxes) ?? []).filter(({ id }) => isOurs(id)).map(({ dir }) => `files ${dir}`),
    ...(of(facts.processes) ?? [])
      .filter((p) => isOurs(p.containerId) || isOurs(p.shim?.id) || isOurs(p.cni?.containerId))
      .map(({ pid, comm }) => `process ${pid} (${comm})`),
  ];
  return [...new Set(left)];
}
