import type { Risk } from './check.ts';
import type { NsId } from './namespace.ts';
import type { SandboxRecord } from './sandbox.ts';

/** A process, by what survives the reuse of its number. */
export interface ProcessIdentity {
  pid: number;
  startTicks: number;
}

/** Everything that podctl can do to a node. Closed: what is not here cannot be done. */
export type Action =
  /** Writes podctl's own record of a sandbox, whole or not at all. */
  | { kind: 'write-record'; record: SandboxRecord }
  /** Removes the record and the folder of a sandbox. */
  | { kind: 'remove-record'; id: string }
  /** Makes new net, ipc and uts namespaces and pins each at the path that the record names. */
  | { kind: 'make-namespaces'; id: string }
  /** Starts a pause in the sandbox's namespaces and writes down its identity. */
  | { kind: 'start-pause'; id: string }
  /** Without root: makes user, net, ipc and uts namespaces around a pause that holds them. */
  | { kind: 'start-user-pause'; id: string }
  | { kind: 'cni-add'; id: string }
  | { kind: 'cni-del'; id: string }
  /** Sends a signal through a pidfd, and waits until the process is gone where the signal is KILL or TERM. */
  | { kind: 'signal'; process: ProcessIdentity; signal: number; what: string }
  | { kind: 'pin'; from: string; ns: NsId; to: string }
  /** Unmounts and removes a pin. Nothing to do where it is gone. */
  | { kind: 'unpin'; path: string; ns: NsId | null }
  /** Starts a recorded container again, in the sandbox's namespaces. */
  | { kind: 'start-container'; id: string; container: string };

/** What must still be true immediately before an action. */
export type Guard =
  | { kind: 'process-is'; process: ProcessIdentity }
  | { kind: 'process-gone'; process: ProcessIdentity }
  | { kind: 'namespace-is'; path: string; ns: NsId }
  | { kind: 'record-is'; id: string; revision: number };

export interface Step {
  id: string;
  action: Action;
  guards: Guard[];
  /** Why this step, in one clause. */
  because: string;
  timeoutMs: number;
}

export interface Plan {
  schema: 'podctl.plan/v1';
  remedy: string;
  risk: Risk;
  /** What it was made from: the sandbox and the time of the look. */
  basedOn: string;
  steps: Step[];
}

export interface StepResult {
  id: string;
  status: 'done' | 'nothing-to-do' | 'refused' | 'failed' | 'not-reached';
  /** Why it was refused or failed; empty otherwise. */
  reason: string;
  ms: number;
}
