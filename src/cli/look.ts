import type { Collector } from '../collect/collector.ts';
import { forImage } from '../collect/for-images.ts';
import { gather } from '../collect/gather.ts';
import { collectors } from '../collect/index.ts';
import { createReadHost } from '../host/read-host.ts';
import type { AnyCheck } from '../model/check.ts';
import { FACT_NAMES } from '../model/fact-shapes.ts';
import type { FactName } from '../model/facts.ts';
import { POD_FACTS } from '../model/inside.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { requireSocket } from './endpoint.ts';
import { findHostRoot } from './host-root.ts';
import { kindOf } from './kind-of.ts';
import type { LookOptions } from './look-options.ts';
import { isImage } from './node-image.ts';
import { loadPauseVersions } from './pause-versions.ts';
import { type Stoppable, stoppable } from './signals.ts';
import { loadSnapshot } from './snapshot.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

const MIN_AGE_MS = 60_000;

export interface Look {
  snapshot: Snapshot;
  /** 130 or 143 when a signal ended it. */
  interrupted: number | undefined;
}

/** What is to be seen. `everything`: also what no check asks for, because it is to be saved. */
export interface Wanted {
  facts: ReadonlySet<FactName>;
  everything: boolean;
}

/** Who looks in order to judge. */
export interface Judging {
  checks: readonly AnyCheck[];
  require: readonly FactName[];
  saveSnapshot: string | null;
  /** How reports look, on stdout and in files: pictures take more than the checks. */
  output?: string;
  reports?: readonly { format: string }[];
}

/** What the checks need or want, what must be there, and the host, whose name every report begins with. */
export function wantedBy({ checks, require, saveSnapshot, output, reports = [] }: Judging): Wanted {
  if (saveSnapshot !== null) return { facts: new Set(FACT_NAMES), everything: true };
  const named = checks.flatMap(({ meta }) => [...meta.needs, ...(meta.wants ?? [])]);
  const drawn = [output, ...reports.map(({ format }) => format)].includes('html') ? POD_FACTS : [];
  return { facts: new Set<FactName>(['host', ...named, ...require, ...drawn]), everything: false };
}

/** The facts of the saved snapshot that was named, else of this node. */
export async function see(wanted: Wanted, options: LookOptions, terminal: Terminal): Promise<Look> {
  if (options.fromSnapshot === null) return look(wanted, options, terminal);
  const snapshot = loadSnapshot(options.fromSnapshot);
  const minAgeMs = options.minAgeMs ?? snapshot.settings.minAgeMs;
  return { snapshot: { ...snapshot, settings: { minAgeMs } }, interrupted: undefined };
}

/** Looks at the node. `within`: what ends it, for a look that is part of a longer run. */
export async function look(
  wanted: Wanted,
  request: LookOptions,
  terminal: Pick<Terminal, 'env' | 'err'>,
  within?: Stoppable,
): Promise<Look> {
  const site = await findSite(wanted, request, terminal);
  return lookFrom(site, collectors, within ?? stoppable(request.deadlineMs));
}

/** What is looked at, from where and how: found out once, for one look or many. */
export interface Site {
  wanted: Wanted;
  root: string;
  options: Parameters<typeof gather>[3];
  minAgeMs: number;
}

/** Throws a UsageError for an endpoint that is no socket, and for a file of versions that cannot be used. */
export async function findSite(
  wanted: Wanted,
  request: LookOptions,
  terminal: Pick<Terminal, 'env' | 'err'>,
): Promise<Site> {
  const root = request.root ?? findHostRoot();
  if (request.root === null && root !== '' && request.verbosity > 0)
    terminal.err(`this is a debug pod: the node's root is taken to be ${root} (--root / looks at the pod)\n`);
  const host = createReadHost(root);
  if (request.endpoint !== null) requireSocket(request.endpoint, kindOf(host.locate(request.endpoint)));
  const pauseVersions = await loadPauseVersions(request.pauseVersions, terminal.env, host);
  const { CONTAINER_RUNTIME_ENDPOINT, CRI_CONFIG_FILE, PODCTL_STATE_DIR } = terminal.env;
  const options = {
    ...(request.endpoint === null ? {} : { endpoint: request.endpoint }),
    env: { CONTAINER_RUNTIME_ENDPOINT, CRI_CONFIG_FILE, PODCTL_STATE_DIR },
    rpcTimeoutMs: request.timeoutMs,
    everything: wanted.everything,
    ...(root !== '' && isImage(root) && { image: true as const }),
    ...(pauseVersions && { pauseVersions }),
  };
  return { wanted, root, options, minAgeMs: request.minAgeMs ?? MIN_AGE_MS };
}

/** One look, which `run` may end. What was learnt of the node's names goes with it. */
export async function lookFrom(site: Site, by: readonly Collector[], run: Stoppable): Promise<Look> {
  const takenAt = new Date();
  const begun = performance.now();
  const { wanted, root, options, minAgeMs } = site;
  const { image = false } = options;
  const names = image ? new Set<FactName>([...wanted.facts, 'nodeImage']) : wanted.facts;
  const facts = await gather(image ? forImage(by) : by, names, createReadHost(root), options, run.signal);
  const complete = !run.signal.aborted;
  run.done();
  return {
    snapshot: {
      schema: 'podctl.snapshot/v1',
      podctl: VERSION,
      takenAt: takenAt.toISOString(),
      durationMs: Math.round(performance.now() - begun),
      complete,
      settings: { minAgeMs },
      facts,
    },
    interrupted: run.exitCode(),
  };
}
