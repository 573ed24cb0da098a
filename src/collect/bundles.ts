import type { ReadHost } from '../host/read-host.ts';
import type { Bundle, Daemon, Facts, Process } from '../model/facts.ts';
import { absent, complete, type Gathered, partial, problem } from '../model/outcome.ts';
import type { BundleReading } from './bundle-files.ts';
import { containerdBundles, stateDirOf } from './bundles-containerd.ts';
import { crioBundles } from './bundles-crio.ts';
import type { CollectContext, Collector } from './collector.ts';
import { knownValue } from './known-value.ts';
import { summarize } from './problems.ts';
import { realPath } from './real-path.ts';
import { ownBundles, withOwn } from './with-own.ts';

const CONTAINERD_STATE = '/run/containerd';
const CRIO_RUN_ROOT = '/run/containers/storage';

export const bundlesCollector: Collector<'bundles'> = {
  fact: 'bundles',
  summary: 'folders in which the runtime keeps the live state of sandboxes and containers',
  timeoutMs: 5000,
  needs: ['daemons', 'processes', 'ownSandboxes'],
  after: ['sandboxes', 'containers', 'runtime', 'runtimeConfig'],
  collect(context) {
    return withOwn(collectBundles(context), context.known('ownSandboxes'), ownBundles);
  },
};

function collectBundles({ host, known }: CollectContext): Gathered<Bundle[]> {
  const reading: BundleReading = { host, problems: [], whole: true };
  const daemons = knownValue(known('daemons')) ?? [];
  const processes = knownValue(known('processes')) ?? [];
  const config = knownValue(known('runtimeConfig'));
  if (known('daemons')?.status !== 'complete') {
    reading.whole = false;
    reading.problems.push(
      problem('unavailable', 'which runtimes run is not known: bundles may lie elsewhere'),
    );
  }
  const sandboxes = new Map([
    ...processes.flatMap((p): [string, number][] => (p.shim ? [[p.shim.id, 0]] : [])),
    ...(knownValue(known('sandboxes')) ?? []).map((s): [string, number] => [s.id, s.attempt]),
  ]);
  const owners = new Map((knownValue(known('containers')) ?? []).map((c) => [c.id, c.sandboxId]));
  const found: (Bundle[] | null)[] = stateDirs(host, daemons, processes, config).map((dir) =>
    containerdBundles(reading, dir, sandboxes, owners),
  );
  for (const dir of runRoots(daemons, knownValue(known('runtime'))?.name))
    found.push(crioBundles(reading, dir));
  const bundles = found.flatMap((list) => list ?? []);
  const problems = summarize(reading.problems);
  if (!reading.whole) return partial(bundles, problems);
  const runs = daemons.some((d) => d.kind === 'containerd' || d.kind === 'crio');
  if (!runs && found.every((list) => list === null)) return absent('no runtime keeps bundles on this node');
  return complete(bundles, problems);
}

/**
 * Where containerd may keep bundles: what its flags say, else its configuration, else the default.
 * A shim stands in its bundle, which tells the rest when containerd was stopped or nobody read its files.
 */
function stateDirs(
  host: ReadHost,
  daemons: readonly Daemon[],
  processes: readonly Process[],
  config: Facts['runtimeConfig'] | undefined,
): string[] {
  const running = daemons.filter((d) => d.kind === 'containerd');
  const dirs = new Set(running.flatMap((d) => (d.flags.state ? [d.flags.state] : [])));
  if (config?.runtime === 'containerd') dirs.add(config.stateDir);
  else if (dirs.size < Math.max(running.length, 1)) dirs.add(CONTAINERD_STATE);
  if (config === undefined || running.length === 0) {
    for (const one of processes) {
      const dir = one.shim ? workingStateDir(host, one.pid) : null;
      if (dir !== null) dirs.add(dir);
    }
  }
  return [...new Set([...dirs].map((dir) => realPath(host, dir)))];
}

function workingStateDir(host: ReadHost, pid: number): string | null {
  try {
    return stateDirOf(host.readLink(`/proc/${pid}/cwd`));
  } catch {
    return null;
  }
}

function runRoots(daemons: readonly Daemon[], runtimeName: string | undefined): string[] {
  const running = daemons.filter((d) => d.kind === 'crio');
  const dirs = new Set(running.map((d) => d.flags.runroot || CRIO_RUN_ROOT));
  if (dirs.size === 0 && runtimeName === 'cri-o') dirs.add(CRIO_RUN_ROOT);
  return [...dirs];
}
