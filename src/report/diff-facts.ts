import { knownValue } from '../model/outcome.ts';
import type { Report } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** What a report tells of its node that may explain other findings; '' for what it does not know. */
export function factsOfReport({ podctl, runtime, sandboxes, containers }: Report): Map<string, string> {
  return new Map([
    ['podctl', podctl],
    ['runtime', runtime],
    ['sandboxes', counted(sandboxes)],
    ['containers', counted(containers)],
  ]);
}

/** The same of a snapshot, which knows more. */
export function factsOfSnapshot(report: Report, { facts }: Snapshot): Map<string, string> {
  const host = knownValue(facts.host);
  const config = knownValue(facts.runtimeConfig);
  return new Map([
    ...factsOfReport(report),
    ['kernel', host?.kernel ?? ''],
    ['boot', host?.bootId ?? ''],
    ['kubelet', knownValue(facts.kubelet)?.version ?? ''],
    ['cgroup driver', knownValue(facts.runtime)?.cgroupDriver ?? ''],
    ['sandbox image', config?.sandboxImage?.value ?? ''],
    [
      'configuration',
      config?.files.map(({ path, sha256 }) => `${path} ${sha256.slice(0, 12)}`).join(', ') ?? '',
    ],
    ['pod network', knownValue(facts.cniConf)?.winner ?? ''],
    ['images', counted(knownValue(facts.images)?.length)],
    ['pins', counted(knownValue(facts.pins)?.pins.length)],
    ['addresses', counted(knownValue(facts.reservations)?.reservations.length)],
  ]);
}

function counted(count: number | null | undefined): string {
  return count === null || count === undefined ? '' : String(count);
}
