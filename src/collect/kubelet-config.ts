import { isMissing, problemOf } from '../host/read-host.ts';
import type { Daemon, KubeletConfigFact, KubeletSetting, Resolver } from '../model/facts.ts';
import { dig } from '../model/json-path.ts';
import { absent, complete, failed, type Gathered, type Problem } from '../model/outcome.ts';
import type { CollectContext, Collector } from './collector.ts';
import { isThere } from './config/layout.ts';
import { absolute, workingFolderOf } from './config/of-daemon.ts';
import { askVersion } from './config/release.ts';
import { knownValue } from './known-value.ts';
import { type KubeletFile, lineOfKey, readKubeletFiles } from './kubelet-files.ts';
import { PROGRAM_FOLDERS } from './on-disk/folders.ts';
import { KUBEADM_FLAGS, readFlags } from './pause-flags.ts';
import { summarize } from './problems.ts';
import { realPath, realPathOr } from './real-path.ts';

const RESOLV_CONF = '/etc/resolv.conf';
const PROGRAMS = PROGRAM_FOLDERS.map((folder) => `${folder}/kubelet`);
/** What is here is written when the node starts. */
const AT_BOOT = /^(?:\/var)?\/run\//;

export const kubeletConfigCollector: Collector<'kubeletConfig'> = {
  fact: 'kubeletConfig',
  summary: "kubelet's settings from its flags, its configuration file and the files that carry its flags",
  timeoutMs: 5000,
  needs: ['daemons', 'host'],
  collect(context) {
    return collectConfig(context);
  },
};

async function collectConfig(context: CollectContext): Promise<Gathered<KubeletConfigFact>> {
  const { host, known, look, signal } = context;
  const daemons = known('daemons');
  const kubelet = knownValue(daemons)?.find((d) => d.kind === 'kubelet');
  if (kubelet === undefined && daemons?.status !== 'complete' && !look.image) {
    return failed('unavailable', 'which daemons run is not known, so a kubelet may be among them');
  }
  const problems: Problem[] = [];
  const { pauseFlags, oldFlags, flags: onDisk } = readFlags(host, problems);
  const flags = kubelet?.flags ?? (look.image ? onDisk : {});
  const files = await readKubeletFiles(host, kubelet, problems, flags);
  const hasFlags = pauseFlags.length + oldFlags.length > 0;
  const isKubeadms = isThere(host, KUBEADM_FLAGS);
  if (kubelet === undefined && files.length === 0 && !hasFlags && !isKubeadms) {
    return absent('no kubelet is on this node');
  }
  const setting = settingsOf(flags, files);
  const asks = kubelet === undefined && hasFlags;
  const value: KubeletConfigFact = {
    files: files.map(({ path, mtime, error }) => ({ path, mtime, error })),
    endpoint: endpointOf(setting('container-runtime-endpoint', 'containerRuntimeEndpoint')),
    cgroupDriver: setting('cgroup-driver', 'cgroupDriver'),
    imageGcHighPercent: setting('image-gc-high-threshold', 'imageGCHighThresholdPercent'),
    resolver: resolverOf(context, kubelet, setting('resolv-conf', 'resolvConf'), problems),
    pauseFlags,
    oldFlags,
    isKubeadms,
    installedVersion: asks ? await askVersion(host, 'kubelet', PROGRAMS, signal) : null,
  };
  return complete(value, summarize(problems));
}

/** A flag beats the files, a later file an earlier one. Empty text counts as said. */
export function settingsOf(flags: Readonly<Record<string, string>>, files: readonly KubeletFile[]) {
  return (flag: string, key: string): KubeletSetting | null => {
    if (Object.hasOwn(flags, flag)) return { value: flags[flag] ?? '', at: `--${flag}` };
    const file = files.findLast(({ value }) => isSaid(dig(value, key)));
    if (file === undefined) return null;
    const line = lineOfKey(file.text, key);
    return {
      value: String(dig(file.value, key)),
      at: line === null ? file.path : `${file.path}:${line}`,
    };
  };
}

/** Without its scheme; a socket that is none of this machine's is as if nobody had said one. */
function endpointOf(said: KubeletSetting | null): KubeletSetting | null {
  const path = said?.value.replace(/^unix:(\/\/)?(?=\/)/, '') ?? '';
  return said && path.startsWith('/') ? { ...said, value: path } : null;
}

function isSaid(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function resolverOf(
  context: CollectContext,
  kubelet: Daemon | undefined,
  said: KubeletSetting | null,
  problems: Problem[],
): Resolver | null {
  if (said?.value === '') return null;
  const { host } = context;
  const { value, at } = said ?? { value: RESOLV_CONF, at: 'built-in default' };
  const origin = said === null ? 'default' : at.startsWith('--') ? 'flag' : 'file';
  const path = absolute(workingFolderOf(host, kubelet ?? null), value);
  const found = hasNodesMounts(context, kubelet) ? stateOf(context, path, problems) : null;
  return { value: path, at, origin, state: found?.state ?? 'unseen', leadsTo: found?.leadsTo ?? path };
}

function stateOf(
  { host, look }: CollectContext,
  path: string,
  problems: Problem[],
): Pick<Resolver, 'state' | 'leadsTo'> {
  try {
    const leadsTo = realPath(host, path);
    if (look.image && (path === RESOLV_CONF || AT_BOOT.test(leadsTo))) return { state: 'atBoot', leadsTo };
    host.stat(leadsTo);
    return { state: 'there', leadsTo };
  } catch (error) {
    if (isMissing(error)) return { state: 'missing', leadsTo: realPathOr(host, path) };
    problems.push(problemOf(error, path));
    return { state: 'unseen', leadsTo: path };
  }
}

/** A kubelet in a container of its own has other files under the same names. */
function hasNodesMounts({ host, known }: CollectContext, kubelet: Daemon | undefined): boolean {
  const node = knownValue(known('host'));
  const ours = host.root === '' ? node?.self.mnt : node?.init.mnt;
  return !kubelet?.mnt || !ours || kubelet.mnt === ours;
}
