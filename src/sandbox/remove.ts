import type { Plan } from '../model/plan.ts';
import type { SandboxRecord } from '../model/sandbox.ts';
import { ignoresTerm } from './deaf.ts';
import type { Observed } from './observe.ts';
import { PIN_TYPES } from './scan.ts';
import { awaitEnd, basis, type Draft, kill, plan, step, terminate } from './steps.ts';

/** Network of podctl's own that goes with its last sandbox; null: others are on it, or it is not ours. */
export type OwnNetwork = { bridge: string; folder: string } | null;

export interface RemoveOptions {
  /** Go on when the network plugins fail, and leave what they hold. */
  force: boolean;
  ownNetwork: OwnNetwork;
  now: Date;
}

/** Asks containers to end. Those that would not hear it are left out. */
export function planAsk(record: SandboxRecord, observed: Observed, now: Date): Plan {
  const hearing = observed.containers.flatMap(({ name, process }) =>
    process && !ignoresTerm(process.pid) ? [terminate(process, name)] : [],
  );
  return plan('sandbox/ask', 'destructive', basis(record, now), hearing);
}

/** Ends every process of the sandbox but its pause. A process may fork meanwhile: look again afterwards. */
export function planEnd(record: SandboxRecord, observed: Observed, now: Date): Plan {
  const running = observed.containers.flatMap(({ name, process }) => (process ? [{ name, process }] : []));
  const parents = observed.containers.flatMap(({ name, parent }) => (parent ? [{ name, parent }] : []));
  return plan('sandbox/end', 'destructive', basis(record, now), [
    ...observed.workers.map((p) => kill(p, p.comm, 'a command that was killed began it')),
    ...running.map(({ name, process }) => kill(process, name, 'it runs in the sandbox')),
    ...parents.map(({ name, parent }) =>
      awaitEnd(parent, `parent of ${name}`, 'it writes down how it ended'),
    ),
    ...observed.others.map((p) => kill(p, p.comm, 'it runs in the sandbox')),
    ...parents.map(({ name, parent }) => kill(parent, `parent of ${name}`, 'its container is gone')),
  ]);
}

/** True when `planEnd` would have something to do. */
export function hasProcesses({ containers, others, workers }: Observed): boolean {
  return others.length + workers.length > 0 || containers.some((c) => c.process ?? c.parent);
}

/** Undoes what create did, in reverse, as far as it was done. Every step may find nothing to do. */
export function planRemove(record: SandboxRecord, observed: Observed, options: RemoveOptions): Plan {
  const { id } = record;
  const { ownNetwork, force, now } = options;
  return plan('sandbox/remove', 'destructive', basis(record, now), [
    ...(record.phase === 'removing'
      ? []
      : [
          step(
            { kind: 'set-phase', id, phase: 'removing' },
            'a killed removal is to be finished, not repaired',
          ),
        ]),
    ...takeDown(record, observed, force),
    ...(ownNetwork
      ? [step({ kind: 'drop-network', ...ownNetwork }, 'no other sandbox is on it', { onFailure: 'go-on' })]
      : []),
    ...runtimeSteps(record, force),
    step({ kind: 'remove-files', id }, 'nobody uses them any more'),
    step({ kind: 'remove-record', id }, 'nothing is left of it'),
  ]);
}

/** Takes a sandbox down and keeps its record. */
export function planStop(record: SandboxRecord, observed: Observed, now: Date): Plan {
  const done = record.phase === 'stopped' && record.attachment === null;
  const drafts = [...takeDown(record, observed, false), ...(done ? [] : runtimeSteps(record, false))];
  return plan('sandbox/stop', 'destructive', basis(record, now), [
    ...drafts,
    ...(done && drafts.length === 0
      ? []
      : [step({ kind: 'set-phase', id: record.id, phase: 'stopped' }, 'only its record and files are left')]),
  ]);
}

/** OCI runtimes keep state and a cgroup of a container that was killed. */
function runtimeSteps({ id, containers }: SandboxRecord, force: boolean): Draft[] {
  return containers
    .filter(({ bundle }) => bundle !== '')
    .map(({ name, runtime }) =>
      step({ kind: 'delete-container', id, container: name }, `${runtime} may know of it`, {
        onFailure: force ? 'go-on' : 'stop',
      }),
    );
}

function takeDown(record: SandboxRecord, observed: Observed, force: boolean): Draft[] {
  const { id, attachment } = record;
  const pauses = [...(observed.pause ? [observed.pause] : []), ...observed.strayPauses];
  const pinned = [...PIN_TYPES]
    .reverse()
    .filter((type) => ['pinned', 'bare'].includes(observed.pins[type].state));
  return [
    ...pauses.map((p) => kill(p, 'pause', 'nothing is left that needs it')),
    ...(attachment
      ? [
          step(
            { kind: 'cni-del', id, again: false },
            `network ${attachment.network} holds an address for it`,
            {
              onFailure: force ? 'go-on' : 'stop',
            },
          ),
        ]
      : []),
    ...pinned.map((type) =>
      step(
        { kind: 'unpin', path: record[type].path, ns: observed.pins[type].ns },
        `it keeps the ${type} namespace`,
      ),
    ),
  ];
}
