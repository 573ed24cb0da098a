import type { Risk, Subject } from '../model/check.ts';
import type { Action, Plan, ProcessIdentity, Step } from '../model/plan.ts';

export const SIGTERM = 15;
export const SIGKILL = 9;
/** A killed process is gone at once, unless the kernel has it in a wait that cannot be ended. */
const KILL_WAIT_MS = 5000;
const STEP_MS = 10_000;
/** Only looks whether the process is there. */
const NO_SIGNAL = 0;
const END_WAIT_MS = 2000;
const NETWORK_MS = 120_000;
/** Steps that wait for others: CNI runs several plugins, a registry may be far. */
const LONG: Partial<Record<Action['kind'], number>> = {
  'cni-add': NETWORK_MS,
  'cni-del': NETWORK_MS,
  'release-attachment': NETWORK_MS,
  'stop-sandbox': NETWORK_MS,
  'remove-sandbox': NETWORK_MS,
  'pull-image': 180_000,
  'import-image': 60_000,
  'copy-image': 60_000,
  'reload-image': 90_000,
  'write-config': 30_000,
  'run-sandbox': NETWORK_MS,
  'start-pod-container': NETWORK_MS,
  'stop-containers': NETWORK_MS,
};

/** A step before it has its place in a plan. */
export type Draft = Omit<Step, 'id'>;

/** One step; its deadline follows from what it does. */
export function step(
  action: Action,
  because: string,
  more: Partial<Pick<Step, 'guards' | 'onFailure'>> = {},
): Draft {
  const waits =
    action.kind === 'signal' ? action.waitMs : action.kind === 'stop-containers' ? action.graceMs : 0;
  return {
    action,
    because,
    guards: more.guards ?? [],
    timeoutMs: (LONG[action.kind] ?? STEP_MS) + waits,
    onFailure: more.onFailure ?? 'stop',
  };
}

/** Ends a process for good. */
export function kill({ pid, startTicks }: ProcessIdentity, what: string, because: string): Draft {
  const process = { pid, startTicks };
  return step({ kind: 'signal', process, signal: SIGKILL, what, waitMs: KILL_WAIT_MS }, because);
}

/** Asks a process to end. */
export function terminate({ pid, startTicks }: ProcessIdentity, what: string): Draft {
  const process = { pid, startTicks };
  return step({ kind: 'signal', process, signal: SIGTERM, what, waitMs: 0 }, 'it may end in order');
}

/** Waits for a process that is about to end. */
export function awaitEnd({ pid, startTicks }: ProcessIdentity, what: string, because: string): Draft {
  const process = { pid, startTicks };
  return step({ kind: 'signal', process, signal: NO_SIGNAL, what, waitMs: END_WAIT_MS }, because);
}

/** Drafts in order, numbered from 1. `basedOn`: what was looked at, and when. */
export function planOf(
  what: { remedy: string; risk: Risk; subject: Subject | null; basedOn: string; notes?: string[] },
  drafts: readonly Draft[],
): Plan {
  const steps = drafts.map((draft, i) => ({ id: `${i + 1}-${draft.action.kind}`, ...draft }));
  return { schema: 'podctl.plan/v1', notes: [], ...what, steps };
}
