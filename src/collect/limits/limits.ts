import type { ReadHost } from '../../host/read-host.ts';
import type { LimitsFact } from '../../model/facts.ts';
import { absent, complete, type Gathered, type Problem, partial, problem } from '../../model/outcome.ts';
import type { CollectContext, Collector } from '../collector.ts';
import { knownValue } from '../known-value.ts';
import { type MountView, readMountView } from '../mount-view.ts';
import { summarize } from '../problems.ts';
import { readDaemonCgroups, readOpenFiles, readPodsCgroup, readThreads } from './counts.ts';
import { type Place, readFilesystem } from './space.ts';

const CNI_DATA = '/var/lib/cni';
const MOST_PLACES = 32;
const MOST_DAEMONS = 16;

/** What new sandboxes need and may not get. */
export const limitsCollector: Collector<'limits'> = {
  fact: 'limits',
  summary: 'threads, pids, open files, space and inodes that the runtime needs, and where they end',
  timeoutMs: 5000,
  needs: ['daemons', 'endpoints', 'runtimeConfig', 'cniConf', 'cgroups'],
  collect: collectLimits,
};

async function collectLimits({ host, known, signal }: CollectContext): Promise<Gathered<LimitsFact>> {
  const config = known('runtimeConfig');
  if (config?.status === 'absent') return absent(config.reason);
  const problems: Problem[] = [];
  const daemons = (knownValue(known('daemons')) ?? [])
    .filter((d) => d.kind !== 'kubelet' && d.kind !== 'dockerd')
    .slice(0, MOST_DAEMONS);
  const endpoint = knownValue(known('endpoints'))?.chosen?.path ?? null;
  const mounts = readMountView(host, daemons, endpoint, problems);
  const roots = new Set((knownValue(known('cgroups')) ?? []).map(({ path }) => podsRoot(path)));
  const value: LimitsFact = {
    threads: readThreads(host),
    cgroups: [
      ...daemons.flatMap(({ pid }) => readDaemonCgroups(host, pid)),
      ...[...roots].flatMap((path) => readPodsCgroup(host, path) ?? []),
    ],
    daemons: daemons.flatMap((daemon) => readOpenFiles(host, daemon, problems) ?? []),
    filesystems: await filesystems(host, places(known), mounts, signal, problems),
  };
  return problems.length === 0 ? complete(value) : partial(value, summarize(problems));
}

/** Around `pod<uid>` and the class of quality. */
function podsRoot(path: string): string {
  return /^.*?\/[^/]*kubepods[^/]*(?=\/|$)/.exec(path)?.[0] ?? path.slice(0, path.lastIndexOf('/'));
}

function places(known: CollectContext['known']): Place[] {
  const config = knownValue(known('runtimeConfig'));
  const named = (knownValue(known('cniConf'))?.files ?? []).flatMap(({ plugins }) =>
    plugins.flatMap(({ ipam }) => (ipam && ipam.folder !== '' ? [ipam.folder] : [])),
  );
  const wanted: Place[] = [
    ...(config
      ? [
          { path: config.rootDir, purpose: 'images' as const },
          { path: config.stateDir, purpose: 'state' as const },
          { path: config.netnsDir, purpose: 'run' as const },
        ]
      : []),
    ...[CNI_DATA, ...named].map((path) => ({ path, purpose: 'cni' as const })),
  ];
  const seen = new Set<string>();
  return wanted.filter(({ path }) => path !== '' && !seen.has(path) && seen.add(path)).slice(0, MOST_PLACES);
}

async function filesystems(
  host: ReadHost,
  wanted: readonly Place[],
  view: MountView | null,
  signal: AbortSignal,
  problems: Problem[],
): Promise<LimitsFact['filesystems']> {
  if (view === null) {
    problems.push(problem('unavailable', 'on which file systems the runtime keeps things is not known'));
    return [];
  }
  const found = await Promise.all(
    wanted.map((place) => readFilesystem(host, place, view.mountinfo, signal, problems)),
  );
  return found.filter((one) => one !== null);
}
