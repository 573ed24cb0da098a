import type { PinType } from '../model/plan.ts';
import type { ContainerRecord, SandboxRecord } from '../model/sandbox.ts';
import { isDeserted, type Observed } from './observe.ts';
import { PIN_TYPES, type Seen } from './scan.ts';

/** What a shell says of SIGKILL, and an OCI runtime too. */
const KILLED = 137;

export type DriftKind =
  | 'other-boot'
  | 'half-created'
  | 'half-removed'
  | 'half-stopped'
  | 'unfinished-step'
  | 'namespace-lost'
  | 'pin-lost'
  | 'pin-other'
  | 'pause-dead'
  | 'pause-unrecorded'
  | 'network'
  | 'container-unfinished'
  | 'container-elsewhere'
  | 'container-ended'
  | 'files-lost';

/** One difference between what is recorded and what is there. `text` is a clause for people. */
export interface Drift {
  kind: DriftKind;
  text: string;
  /** The namespace or the container that it concerns; '' for none. */
  what: string;
}

/** Every difference, causes before consequences. `network`: what the network lacks, from a look into it. */
export function driftOf(record: SandboxRecord, observed: Observed, network: readonly string[]): Drift[] {
  if (!observed.sameBoot)
    return [
      drift('other-boot', 'the machine was started anew since: only its files and reservations are left'),
    ];
  if (record.phase === 'removing') return [drift('half-removed', 'its removal was begun and not finished')];
  if (record.phase === 'stopped') return halfStopped(record, observed);
  return [
    ...(record.phase === 'creating'
      ? [drift('half-created', 'its creation was begun and not finished')]
      : []),
    ...observed.workers.map((p) =>
      drift('unfinished-step', `${p.comm} (process ${p.pid}) of a killed command runs`),
    ),
    ...observed.strayPauses.map((p) => drift('pause-unrecorded', `pause ${p.pid} is not in its record`)),
    ...namespaceDrift(record, observed),
    ...(observed.pause === null && record.phase === 'ready' ? [drift('pause-dead', pauseText(record))] : []),
    ...(record.phase === 'ready' ? networkDrift(record, network) : []),
    ...containerDrift(record, observed),
    ...(record.phase === 'ready' ? filesDrift(record, observed) : []),
  ];
}

function drift(kind: DriftKind, text: string, what = ''): Drift {
  return { kind, text, what };
}

function pauseText({ pause, spec }: SandboxRecord): string {
  const members = spec.sharePid ? ', and the kernel ended all that shared its PID namespace' : '';
  return pause ? `pause ${pause.pid} is dead${members}` : 'no pause was recorded';
}

function halfStopped(record: SandboxRecord, observed: Observed): Drift[] {
  const left = [observed.pause, ...observed.others, ...observed.containers.map((c) => c.process)].some(
    Boolean,
  );
  const pinned = PIN_TYPES.some((type) => observed.pins[type].state === 'pinned');
  return left || pinned || record.attachment
    ? [drift('half-stopped', 'it is stopped, but not all of it')]
    : [];
}

/** While it is being created the step itself says what is missing. */
function namespaceDrift(record: SandboxRecord, observed: Observed): Drift[] {
  if (record.phase === 'creating') return [];
  return PIN_TYPES.flatMap((type) => {
    if (observed.namespaces[type] === null)
      return [drift('namespace-lost', `nothing holds its ${type} namespace any more`, type)];
    if (!record.privileged) return [];
    const { state, ns } = observed.pins[type];
    const { path } = record[type];
    if (state === 'pinned' && ns !== observed.namespaces[type])
      return [drift('pin-other', `another ${type} namespace is pinned at ${path}`, type)];
    if (state === 'pinned') return [];
    const how = state === 'missing' ? 'is missing' : 'is there, but nothing is mounted on it';
    return [drift('pin-lost', `the pin ${path} ${how}`, type)];
  });
}

function networkDrift({ spec, attachment }: SandboxRecord, network: readonly string[]): Drift[] {
  if (spec.network.kind === 'none') return network.map((text) => drift('network', text));
  if (attachment?.state !== 'attached')
    return [drift('network', `it is not attached to network ${spec.network.name}`)];
  return network.map((text) => drift('network', text));
}

function containerDrift(record: SandboxRecord, observed: Observed): Drift[] {
  return record.containers.flatMap((container) => {
    const { name } = container;
    const seen = observed.containers.find((c) => c.name === name);
    if (container.process === null)
      return [drift('container-unfinished', `container ${name} was begun and not started`, name)];
    if (!seen?.process)
      return endedWithPause(record, observed, container)
        ? [drift('container-ended', `container ${name} ended with pause`, name)]
        : [];
    const types = strayed(seen.process, observed);
    return types.length > 0
      ? [drift('container-elsewhere', `container ${name} is in another ${types.join(', ')} namespace`, name)]
      : [];
  });
}

/**
 * With a shared PID namespace the kernel kills all members when pause ends. One that ended by itself before is not
 * among them, nor is one in the foreground, whose caller saw it end.
 */
function endedWithPause(
  { spec, pause }: SandboxRecord,
  observed: Observed,
  { name, process, parent }: ContainerRecord,
): boolean {
  if (!spec.sharePid || process === null || parent === null) return false;
  const exit = observed.containers.find((c) => c.name === name)?.exit ?? null;
  const older = pause === null || observed.pause === null || process.startTicks < pause.startTicks;
  return older && (exit === null || exit.exitCode === KILLED);
}

function strayed(process: Seen, observed: Observed): PinType[] {
  return PIN_TYPES.filter((type) => {
    const own = process.ns[type];
    return own !== null && observed.namespaces[type] !== null && own !== observed.namespaces[type];
  });
}

function filesDrift(record: SandboxRecord, observed: Observed): Drift[] {
  if (!observed.folder) return [drift('files-lost', 'its folder is gone')];
  const [lost] = observed.lostFiles;
  if (lost !== undefined) return [drift('files-lost', `its ${lost} is missing, or no file`)];
  const wantsShm = record.privileged && !isDeserted(observed);
  return wantsShm && !observed.shmMounted ? [drift('files-lost', 'its /dev/shm is not mounted')] : [];
}
