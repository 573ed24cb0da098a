import type { CriSession } from '../cri/session.ts';
import type { ReadHost } from '../host/read-host.ts';
import type { FactName, Facts, PauseVersionsFact } from '../model/facts.ts';
import type { Gathered, Outcome } from '../model/outcome.ts';

/** What the command line says about where and how long to look. */
export interface LookOptions {
  /** From --runtime-endpoint; a path of the node, `unix://` stripped. */
  endpoint?: string;
  /** Environment that names endpoints: CONTAINER_RUNTIME_ENDPOINT, CRI_CONFIG_FILE; and PODCTL_STATE_DIR. */
  env: Record<string, string | undefined>;
  /** Deadline of one call to the runtime. */
  rpcTimeoutMs: number;
  /**
   * Whether what no check looks at is read as well: for a snapshot. Default: yes. Of a thousand processes, four
   * links each make a tenth of a run.
   */
  everything?: boolean;
  /** A node image lies below the root: nothing runs in it. */
  image?: true;
  /** Which pause belongs to which release, where a file adds to what podctl knows. */
  pauseVersions?: PauseVersionsFact;
}

/** What a collector may use. */
export interface CollectContext {
  host: ReadHost;
  look: LookOptions;
  signal: AbortSignal;
  /** A fact named in `needs` or `after`; undefined when nobody asked for it. */
  known<N extends FactName>(name: N): Outcome<Facts[N]> | undefined;
  /** The connection to a runtime socket, one a run for each path. */
  session(endpoint: string): CriSession;
}

/** Makes one fact. Impure, and the only place that is: it looks and does not judge. */
export interface Collector<N extends FactName = FactName> {
  fact: N;
  summary: string;
  timeoutMs: number;
  /** Facts that this one is made from; they are collected whenever this one is. */
  needs?: readonly FactName[];
  /**
   * Facts that must be read before this one if they are read at all. Claims (pins) come before owners
   * (CRI lists, then processes): the other way round, whatever is born in between looks leaked.
   */
  after?: readonly FactName[];
  collect(context: CollectContext): Promise<Gathered<Facts[N]>> | Gathered<Facts[N]>;
  /** Called when all facts are in: drops members that went away while we looked. */
  confirm?(context: CollectContext, value: Facts[N]): Facts[N] | Promise<Facts[N]>;
}
