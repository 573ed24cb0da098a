import type { SandboxRecord } from '../../model/sandbox.ts';
import { containerState } from '../../sandbox/containers.ts';
import { lookIntoNetwork } from '../../sandbox/network-look.ts';
import { isReady, type Observed } from '../../sandbox/observe.ts';
import { PIN_TYPES } from '../../sandbox/scan.ts';
import { lookAt, type Workshop } from '../../sandbox/workshop.ts';

export function stateOf(record: SandboxRecord, observed: Observed): 'ready' | 'notready' {
  return isReady(record, observed) ? 'ready' : 'notready';
}

/** Everything about one sandbox as data; keys never come and go. */
export async function sandboxStatus(shop: Workshop, record: SandboxRecord) {
  const observed = lookAt(shop, record);
  const look = await lookIntoNetwork(record, observed);
  const { id, name, phase, spec, privileged, attachment } = record;
  return {
    schema: 'podctl.sandbox-status/v1',
    id,
    name,
    state: stateOf(record, observed),
    phase,
    createdAt: new Date(record.createdAt).toISOString(),
    privileged,
    anchors: anchorsOf(record, observed),
    pause: record.pause && { pid: record.pause.pid, alive: observed.pause !== null },
    namespaces: Object.fromEntries(
      PIN_TYPES.map((type) => [
        type,
        {
          pin: record[type].path,
          pinned: observed.pins[type].state === 'pinned',
          id: observed.namespaces[type] ?? '',
        },
      ]),
    ),
    network: {
      kind: spec.network.kind,
      name: spec.network.kind === 'cni' ? spec.network.name : '',
      file: spec.network.kind === 'cni' ? spec.network.file : '',
      attached: attachment?.state === 'attached',
      addresses: attachment?.addresses ?? [],
      problem: look.problem ?? '',
      links: look.inside?.links ?? [],
      assigned: look.inside?.addresses ?? [],
      routes: look.inside?.routes ?? [],
      listeners: look.inside?.listeners ?? [],
    },
    hostname: spec.hostname,
    sharePid: spec.sharePid,
    sysctls: spec.sysctls,
    dns: spec.dns,
    ports: spec.ports,
    labels: spec.labels,
    annotations: spec.annotations,
    folder: shop.state.folderOf(id),
    containers: containersOf(record, observed),
    otherProcesses: observed.others.map(({ pid, comm }) => ({ pid, comm })),
  };
}

/** Its containers; `exitCode` null: it runs, or nobody wrote down how it ended. */
export function containersOf(record: SandboxRecord, observed: Observed) {
  return record.containers.map((container) => {
    const { name, command, rootfs, bundle, process, log, startedAt } = container;
    const seen = observed.containers.find((c) => c.name === name);
    return {
      name,
      state: containerState(container, seen),
      running: (seen?.process ?? null) !== null,
      pid: process?.pid ?? null,
      exitCode: seen?.exit?.exitCode ?? null,
      signal: seen?.exit?.signal ?? null,
      startedAt: startedAt === 0 ? '' : new Date(startedAt).toISOString(),
      finishedAt: seen?.exit?.finishedAt ?? '',
      command,
      rootfs,
      bundle,
      log,
    };
  });
}

/** What keeps its namespaces alive. Without root there are no pins: then they die with the last process. */
function anchorsOf({ privileged }: SandboxRecord, observed: Observed): string[] {
  const pinned = PIN_TYPES.every((type) => observed.pins[type].state === 'pinned');
  const survivors = [...observed.containers.map((c) => c.process), ...observed.others].filter(Boolean).length;
  return [
    ...(privileged && pinned ? ['pins'] : []),
    ...(observed.pause ? ['pause'] : []),
    ...(survivors > 0 ? [`${survivors} other process${survivors > 1 ? 'es' : ''}`] : []),
  ];
}
