import type { Risk } from './check.ts';
import type { NsId } from './namespace.ts';
import type { ContainerRecord, SandboxRecord } from './sandbox.ts';

/** A process, by what survives the reuse of its number. */
export interface ProcessIdentity {
  pid: number;
  startTicks: number;
}

/** Namespaces that podctl pins for its own sandboxes. A PID namespace dies with its first process. */
export type PinType = 'net' | 'ipc' | 'uts';

/** Everything that podctl can do to a node. Closed: what is not here cannot be done. `id` is a sandbox's. */
export type Action =
  /** Writes podctl's own record of a sandbox, whole or not at all. */
  | { kind: 'write-record'; record: SandboxRecord }
  | { kind: 'set-phase'; id: string; phase: SandboxRecord['phase'] }
  | { kind: 'remove-record'; id: string }
  /** hostname, hosts, resolv.conf and the tmpfs for /dev/shm, in the sandbox's own folder. */
  | { kind: 'make-files'; id: string }
  /** Unmounts the tmpfs and removes the folder, and the one in which the pins were. */
  | { kind: 'remove-files'; id: string }
  /** Makes new namespaces and pins each at the path that the record names. */
  | { kind: 'make-namespaces'; id: string; types: PinType[] }
  /** Starts a pause in namespaces seen at these paths (`user`: '' for ours) and writes down its identity. */
  | { kind: 'start-pause'; id: string; from: Record<PinType | 'user', string> }
  /** Without root: makes user, net, ipc and uts namespaces around a pause that holds them. */
  | { kind: 'start-user-pause'; id: string }
  /** `again`: ask for the addresses that the sandbox had. */
  | { kind: 'cni-add'; id: string; again: boolean }
  /** `again`: it is to be attached anew, so its addresses are kept in the record. */
  | { kind: 'cni-del'; id: string; again: boolean }
  /** Removes the bridge of podctl's own network, and its empty reservations, when nothing is on it. */
  | { kind: 'drop-network'; bridge: string; folder: string }
  /** Sends a signal through a pidfd, and waits up to `waitMs` until the process is gone. */
  | { kind: 'signal'; process: ProcessIdentity; signal: number; what: string; waitMs: number }
  | { kind: 'pin'; from: string; ns: NsId; to: string }
  /** Unmounts and removes a pin. Null: a file on which nothing is mounted. Nothing to do where it is gone. */
  | { kind: 'unpin'; path: string; ns: NsId | null }
  /** Writes down a container, in place of one of the same name, and makes its folder. */
  | { kind: 'record-container'; id: string; container: ContainerRecord }
  /** Starts a recorded container in the sandbox's namespaces, to go on without us. */
  | { kind: 'start-container'; id: string; container: string }
  /** Takes away what an OCI runtime keeps of a container: its state and its cgroup. */
  | { kind: 'delete-container'; id: string; container: string }
  /** Takes a container out of the record, and its folder away. */
  | { kind: 'forget-container'; id: string; container: string };

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
  /** What becomes of the rest of the plan when this step fails. */
  onFailure: 'stop' | 'go-on';
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
