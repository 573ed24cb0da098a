import type { NetworkSeen } from './network.ts';
import type { ProcessIdentity } from './plan.ts';
import type { Attachment, SandboxRecord } from './sandbox.ts';

/** A container of one of podctl's own sandboxes. Its id is made from the sandbox's and its name. */
export interface OwnContainer {
  id: string;
  name: string;
  process: ProcessIdentity | null;
  /** Whether that process ran when the fact was read. */
  running: boolean;
  startedAt: number;
}

/** One of podctl's own sandboxes: its record, without what may be secret, and what its network holds. */
export interface OwnSandbox {
  id: string;
  /** '' where there is no record that can be read. */
  name: string;
  /** `unreadable`: there is a record that nobody understands. `unrecorded`: only folders or pins are left. */
  phase: SandboxRecord['phase'] | 'unreadable' | 'unrecorded';
  /** Why the record cannot be read; '' otherwise. */
  problem: string;
  createdAt: number;
  /** False: made before this boot, so nothing of it can live. */
  sameBoot: boolean;
  /** A podctl that runs holds its lock: it is being made, changed or removed right now. */
  busy: boolean;
  /** Folder of its files. */
  dir: string;
  /** Where its namespaces are pinned; '' for those made without root. */
  pins: { net: string; ipc: string; uts: string };
  pause: ProcessIdentity | null;
  /** Whether that pause ran when the fact was read. */
  pauseRuns: boolean;
  containers: OwnContainer[];
  /** Its containers are to be in one PID namespace, that of its pause. */
  sharePid: boolean;
  /** '' for loopback only. */
  network: string;
  attachment: Pick<Attachment, 'state' | 'interfaces' | 'addresses' | 'routes'> | null;
  /** What is in its network namespace; null where that was not seen. */
  inside: NetworkSeen | null;
  /** The links of the node that its own are connected to; null where they were not seen. */
  outside: NetworkSeen | null;
}
