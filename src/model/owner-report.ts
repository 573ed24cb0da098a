import type { FactName } from './facts.ts';

/** What a text can be taken for. */
export type OwnedKind =
  | 'process'
  | 'namespace'
  | 'pin'
  | 'link'
  | 'address'
  | 'mac'
  | 'sandbox'
  | 'container'
  | 'pod'
  | 'uid'
  | 'reservation'
  | 'cache entry'
  | 'cgroup'
  | 'path';

/** One place where the answer can be seen. */
export interface OwnerStep {
  fact: FactName;
  at: string;
  value: string;
}

/** Whose one thing is. */
export interface OwnerMeaning {
  kind: OwnedKind;
  /** `process 412 (nginx)` */
  thing: string;
  /** `node`: no pod's, the node's own. `nobody`: all that could own it was seen, and none does. */
  verdict: 'pod' | 'node' | 'nobody' | 'unknown';
  /** What it is to its owner, as the end of a sentence that begins with `thing`. */
  statement: string;
  owner: { id: string; title: string; container: string } | null;
  how: OwnerStep[];
  /** Why it cannot be told; empty but for `unknown`. */
  reasons: string[];
}
