import type { Plan } from '../model/plan.ts';
import type { SandboxRecord } from '../model/sandbox.ts';
import { pinPaths } from './create.ts';
import type { Drift } from './drift.ts';
import type { Observed } from './observe.ts';
import { type OwnNetwork, planRemove, planStop } from './remove.ts';
import { PIN_TYPES, type Seen } from './scan.ts';
import { basis, type Draft, kill, plan, sameRecord, step } from './steps.ts';

/**
 * What makes a sandbox again what its record says; no steps when nothing differs.
 * After a reboot, or when its removal was begun, that is its removal.
 */
export function planRepair(
  record: SandboxRecord,
  observed: Observed,
  drift: readonly Drift[],
  options: { ownNetwork: OwnNetwork; now: Date },
): Plan {
  const { now } = options;
  const has = (kind: Drift['kind']) => drift.some((d) => d.kind === kind);
  if (has('other-boot') || has('half-removed'))
    return planRemove(record, observed, { ...options, force: has('other-boot') });
  if (has('half-stopped')) return planStop(record, observed, now);
  if (drift.length === 0) return plan('sandbox/repair', 'safe', basis(record, now), []);
  // DEL works through the pin: before the old namespace's path gets a new one, but after a lost pin is back.
  const isGone = observed.namespaces.net === null;
  const drafts = [
    ...observed.workers.map((p) => kill(p, p.comm, 'a command that was killed began it')),
    ...observed.strayPauses.map((p) => kill(p, 'pause', 'its record does not know it')),
    ...(isGone ? detach(record, observed, drift) : []),
    ...namespaceSteps(record, observed),
    ...(isGone ? [] : detach(record, observed, drift)),
    ...filesStep(record, observed),
    ...pauseStep(record, observed),
    ...attach(record, observed, drift),
    ...containerSteps(record, observed, drift),
    ...(record.phase === 'creating'
      ? [step({ kind: 'set-phase', id: record.id, phase: 'ready' }, 'nothing is missing now')]
      : []),
  ];
  const [first, ...rest] = drafts;
  const guarded = first ? [{ ...first, guards: [...first.guards, sameRecord(record)] }, ...rest] : [];
  return plan('sandbox/repair', riskOf(guarded), basis(record, now), guarded);
}

/** A new pause, a pin or a mount disturbs nobody. */
function riskOf(drafts: readonly Draft[]): Plan['risk'] {
  const harmless = [
    'pin',
    'unpin',
    'start-pause',
    'start-user-pause',
    'make-files',
    'make-namespaces',
    'set-phase',
  ];
  return drafts.every(({ action }) => harmless.includes(action.kind)) ? 'safe' : 'disruptive';
}

/** What plugins set up in a namespace that is gone, or did not finish, is in the way of a new attachment. */
function detach(record: SandboxRecord, observed: Observed, drift: readonly Drift[]): Draft[] {
  const { attachment, id } = record;
  if (!attachment || !needsNetwork(record, observed, drift)) return [];
  return [
    step(
      { kind: 'cni-del', id, again: true },
      'what is left of the old attachment is in the way of the new one',
    ),
  ];
}

function attach(record: SandboxRecord, observed: Observed, drift: readonly Drift[]): Draft[] {
  if (!needsNetwork(record, observed, drift)) return [];
  const again = record.attachment !== null;
  const because = again
    ? 'it is to have the address that it had'
    : `network ${networkName(record)} was asked for`;
  return [step({ kind: 'cni-add', id: record.id, again, completes: false }, because)];
}

function needsNetwork(record: SandboxRecord, observed: Observed, drift: readonly Drift[]): boolean {
  if (record.spec.network.kind === 'none') return false;
  const unfinished = record.attachment?.state !== 'attached';
  return unfinished || observed.namespaces.net === null || drift.some((d) => d.kind === 'network');
}

function networkName({ spec }: SandboxRecord): string {
  return spec.network.kind === 'cni' ? spec.network.name : '';
}

/** Wrong and empty pins go first; then what lives is pinned again, and what does not is made anew. */
function namespaceSteps(record: SandboxRecord, observed: Observed): Draft[] {
  if (!record.privileged) return [];
  const faulty = PIN_TYPES.filter((type) => {
    const { state, ns } = observed.pins[type];
    return state === 'bare' || (state === 'pinned' && ns !== observed.namespaces[type]);
  });
  const lost = PIN_TYPES.filter((type) => observed.namespaces[type] === null);
  const unpinned = PIN_TYPES.filter(
    (type) => !lost.includes(type) && observed.pins[type].ns !== observed.namespaces[type],
  );
  return [
    ...faulty.map((type) =>
      step(
        { kind: 'unpin', path: record[type].path, ns: observed.pins[type].ns },
        `what is there does not hold the sandbox's ${type} namespace`,
      ),
    ),
    ...unpinned.flatMap((type) => pinAgain(record, observed, type)),
    ...(lost.length > 0
      ? [step({ kind: 'make-namespaces', id: record.id, types: lost }, `nothing holds the old ones any more`)]
      : []),
  ];
}

function pinAgain(record: SandboxRecord, observed: Observed, type: 'net' | 'ipc' | 'uts'): Draft[] {
  const ns = observed.namespaces[type];
  const survivor = survivorsOf(observed).find((p) => p.ns[type] === ns);
  if (ns === null || !survivor) return [];
  const { pid, startTicks } = survivor;
  return [
    step(
      { kind: 'pin', from: `/proc/${pid}/ns/${type}`, ns, to: record[type].path },
      `${survivor.comm} (process ${pid}) is in the ${type} namespace`,
      { guards: [{ kind: 'process-is', process: { pid, startTicks } }] },
    ),
  ];
}

/** Live processes in the sandbox's namespaces. */
function survivorsOf({ pause, containers, others }: Observed): Seen[] {
  return [pause, ...containers.flatMap((c) => [c.process, c.parent]), ...others].filter((p) => p !== null);
}

function filesStep(record: SandboxRecord, observed: Observed): Draft[] {
  const whole = observed.lostFiles.length === 0 && (observed.shmMounted || !record.privileged);
  return whole && record.phase === 'ready'
    ? []
    : [
        step(
          { kind: 'make-files', id: record.id, shm: true },
          'containers share its hosts, resolv.conf and /dev/shm',
        ),
      ];
}

function pauseStep(record: SandboxRecord, observed: Observed): Draft[] {
  const { id, pause } = record;
  if (observed.pause) return [];
  const guards = pause ? [{ kind: 'process-gone' as const, process: pause }] : [];
  if (record.privileged)
    return [
      step({ kind: 'start-pause', id, from: pinPaths(record) }, 'the pins hold the same namespaces', {
        guards,
      }),
    ];
  const survivor = survivorsOf(observed).find((p) =>
    PIN_TYPES.every((t) => p.ns[t] === observed.namespaces[t]),
  );
  if (!survivor)
    return [step({ kind: 'start-user-pause', id }, 'nobody holds the old namespaces any more', { guards })];
  const ns = (type: string) => `/proc/${survivor.pid}/ns/${type}`;
  const from = { net: ns('net'), ipc: ns('ipc'), uts: ns('uts'), user: ns('user') };
  const { pid, startTicks } = survivor;
  return [
    step(
      { kind: 'start-pause', id, from },
      `${survivor.comm} (process ${pid}) still holds the same namespaces`,
      {
        guards: [...guards, { kind: 'process-is', process: { pid, startTicks } }],
      },
    ),
  ];
}

function containerSteps(record: SandboxRecord, observed: Observed, drift: readonly Drift[]): Draft[] {
  const { id } = record;
  return drift.flatMap(({ kind, what }) => {
    const { process = null, parent = null } = observed.containers.find((c) => c.name === what) ?? {};
    const endParent = parent ? [kill(parent, `parent of ${what}`, 'its container is gone')] : [];
    const start = step({ kind: 'start-container', id, container: what }, 'it was running before');
    if (kind === 'container-ended') return [...endParent, start];
    if (kind === 'container-unfinished') return [...endParent, ...undoContainer(id, what, parent, observed)];
    if (kind !== 'container-elsewhere' || !process) return [];
    const isAttached = record.containers.some((c) => c.name === what && c.exitFile === '');
    const end = kill(process, what, 'a running process cannot be moved');
    return isAttached ? [end] : [end, ...endParent, start];
  });
}

/** Nobody was told that it runs: so it is taken away, not finished. */
function undoContainer(id: string, container: string, parent: Seen | null, { others }: Observed): Draft[] {
  return [
    ...(parent ? descendantsOf(parent, others) : []).map((p) => kill(p, p.comm, 'a killed command began it')),
    step({ kind: 'delete-container', id, container }, 'an OCI runtime may know of it'),
    step({ kind: 'forget-container', id, container }, 'nothing is left of it'),
  ];
}

function descendantsOf(parent: Seen, processes: readonly Seen[]): Seen[] {
  const children = processes.filter((p) => p.ppid === parent.pid);
  return [...children, ...children.flatMap((child) => descendantsOf(child, processes))];
}
