import type { CniRuntime } from '../cni/runtime.ts';
import type { CriSession } from '../cri/session.ts';
import type { RecordStore } from './record-store.ts';

/** Where a process can be made to end, in tests of what comes after a crash. `during`: done, not yet written down. */
export type FaultPoint = 'before' | 'during' | 'after';

/** What actions are carried out with. */
export interface RemedyContext {
  records: RecordStore;
  /** How plugins are run; binary folders are those of the sandbox's network. */
  cni: Omit<CniRuntime, 'binFolders' | 'signal'>;
  /** Process whose mount namespace pins are made in; null: ours. */
  mountNsOf: number | null;
  /** Calls to the runtime at a socket. Whoever made the context closes it. */
  session(endpoint: string): CriSession;
  /** Milliseconds since 1970. */
  now(): number;
  /** Called at every point of every step. */
  at(point: FaultPoint): void;
}

/** One action's surroundings: `signal` aborts at the step's deadline. */
export interface ActionContext extends RemedyContext {
  signal: AbortSignal;
  timeoutMs: number;
}

/** `nothing`: it was so already. Actions throw an Error that names the thing, the cause and the next step. */
export type Done = 'done' | 'nothing';
