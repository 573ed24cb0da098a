import { gather } from '../collect/gather.ts';
import { collectors } from '../collect/index.ts';
import { createReadHost } from '../host/read-host.ts';
import type { Check } from '../model/check.ts';
import { FACT_NAMES } from '../model/fact-shapes.ts';
import type { FactName } from '../model/facts.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { requireSocket } from './endpoint.ts';
import { findHostRoot } from './host-root.ts';
import { kindOf } from './kind-of.ts';
import type { DoctorRequest } from './request.ts';
import { type Stoppable, stoppable } from './signals.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

const MIN_AGE_MS = 60_000;

export interface Look {
  snapshot: Snapshot;
  /** 130 or 143 when a signal ended it. */
  interrupted: number | undefined;
}

/** What a look needs to be told. */
export type LookRequest = Pick<
  DoctorRequest,
  | 'checks'
  | 'endpoint'
  | 'root'
  | 'timeoutMs'
  | 'deadlineMs'
  | 'minAgeMs'
  | 'require'
  | 'saveSnapshot'
  | 'verbosity'
>;

/**
 * Looks at the node: the facts that the request's checks want, or all of them when they are to be saved.
 * `within`: what ends it, for a look that is part of a longer run.
 */
export async function look(
  request: LookRequest,
  terminal: Pick<Terminal, 'env' | 'err'>,
  within?: Stoppable,
): Promise<Look> {
  const takenAt = new Date();
  const begun = performance.now();
  const root = request.root ?? findHostRoot();
  if (request.root === null && root !== '' && request.verbosity > 0)
    terminal.err(`this is a debug pod: the node's root is taken to be ${root} (--root / looks at the pod)\n`);
  const host = createReadHost(root);
  if (request.endpoint !== null) requireSocket(request.endpoint, kindOf(host.locate(request.endpoint)));
  const run = within ?? stoppable(request.deadlineMs);
  const names = request.saveSnapshot === null ? wantedFacts(request.checks, request.require) : FACT_NAMES;
  const { CONTAINER_RUNTIME_ENDPOINT, CRI_CONFIG_FILE, PODCTL_STATE_DIR } = terminal.env;
  const options = {
    ...(request.endpoint === null ? {} : { endpoint: request.endpoint }),
    env: { CONTAINER_RUNTIME_ENDPOINT, CRI_CONFIG_FILE, PODCTL_STATE_DIR },
    rpcTimeoutMs: request.timeoutMs,
    everything: request.saveSnapshot !== null,
  };
  const facts = await gather(collectors, names, host, options, run.signal);
  const complete = !run.signal.aborted;
  run.done();
  return {
    snapshot: {
      schema: 'podctl.snapshot/v1',
      podctl: VERSION,
      takenAt: takenAt.toISOString(),
      durationMs: Math.round(performance.now() - begun),
      complete,
      settings: { minAgeMs: request.minAgeMs ?? MIN_AGE_MS },
      facts,
    },
    interrupted: run.exitCode(),
  };
}

/** What the checks need or want, what must be there, and the host, whose name every report begins with. */
function wantedFacts(checks: readonly Check[], required: readonly FactName[]): Set<FactName> {
  const named = checks.flatMap(({ meta }) => [...meta.needs, ...(meta.wants ?? [])]);
  return new Set<FactName>(['host', ...named, ...required]);
}
