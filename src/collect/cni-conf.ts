import { type Network, objectOf, parseNetwork } from '../cni/conf.ts';
import { CONF_FOLDER, loadNetworks } from '../cni/conf-files.ts';
import type { CniError } from '../cni/error.ts';
import { isKnownVersion } from '../cni/version.ts';
import type { ReadHost } from '../host/read-host.ts';
import type { CniConfFile, CniFolders } from '../model/facts.ts';
import { absent, complete, failed, problem } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { DEFAULT_CNI } from './config/cni-folders.ts';
import { pluginConf } from './ipam-folder.ts';
import { knownValue } from './known-value.ts';

/** Folders that distributions use; a runtime that was told another one finds nothing in its own. */
const USUAL = [
  CONF_FOLDER,
  '/var/lib/rancher/k3s/agent/etc/cni/net.d',
  '/var/snap/microk8s/current/args/cni-network',
  '/etc/kubernetes/cni/net.d',
];
const SUFFIX = /\.(conflist|conf|json)$/;

/** Network configurations where the runtime that answers looks for them; else where its files say, or usually. */
export const cniConfCollector: Collector<'cniConf'> = {
  fact: 'cniConf',
  summary: "CNI configuration: files in load order, their plugins, host-local's folders and ranges",
  timeoutMs: 3000,
  needs: ['runtime', 'runtimeConfig'],
  collect({ host, known, look }) {
    const config = knownValue(known('runtimeConfig'));
    const stated = config?.cni;
    const runtime = knownValue(known('runtime'));
    const folders = runtime?.cni ?? stated ?? DEFAULT_CNI;
    const { confDir, binDirs } = folders;
    const { networks, faults } = loadNetworks(host, confDir);
    // The folder itself cannot be listed.
    const unlisted = faults.find(({ place }) => place.file === confDir);
    if (unlisted) return failed('denied', unlisted.message, confDir);
    const files = [
      ...networks.map(usable),
      ...faults.map((fault) => ofFuture(host, fault) ?? broken(fault)),
    ].map((file) => asRead(host, file));
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const problems = files.flatMap((file) =>
      file.problem === '' ? [] : [problem('malformed', file.problem, file.path)],
    );
    if (look.image && files.length === 0) return absent('the node image holds no network configuration');
    const takes = runtime?.name ?? (config?.runtime === 'crio' ? 'cri-o' : 'containerd');
    const winner = winnerOf(files, takes, folders);
    const elsewhere = files.length > 0 ? [] : filesElsewhere(host, confDir);
    return complete({ folder: confDir, files, binDirs, winner, elsewhere }, problems);
  },
};

/** containerd takes the first file and no other, even if it cannot be used; others skip what they cannot use. */
function winnerOf(files: CniConfFile[], runtime: string, { defaultNetwork }: CniFolders): string | null {
  if (runtime === 'containerd') return files[0]?.path ?? null;
  const good = files.filter((file) => file.problem === '');
  const named = good.find((file) => file.name === defaultNetwork);
  return (named ?? good[0])?.path ?? null;
}

function usable(network: Network): CniConfFile {
  return {
    path: network.file ?? '',
    name: network.name,
    cniVersion: network.cniVersion,
    plugins: network.secret().plugins.map((plugin) => pluginConf(plugin, network.name)),
    problem: '',
  };
}

/** Runtimes read a list from no other file than a .conflist. */
function asRead(host: ReadHost, file: CniConfFile): CniConfFile {
  const raw = rawOf(host, file.path);
  const seen = { ...file, versions: raw ? versionsIn(raw) : [], mtime: timeOf(host, file.path) };
  if (file.path.endsWith('.conflist') || raw?.plugins === undefined || file.problem !== '') return seen;
  const cause = `${file.path} holds a list of plugins, which runtimes read from files called .conflist alone`;
  return { ...seen, problem: `${cause}; rename it` };
}

/** A file that is sound but for its CNI version, which runtimes do not mind until they call plugins. */
function ofFuture(host: ReadHost, { place }: CniError): CniConfFile | null {
  const path = place.file ?? '';
  const raw = rawOf(host, path);
  const version = raw && versionsIn(raw).at(-1);
  if (!version || isKnownVersion(version)) return null;
  try {
    const sound = JSON.stringify({ ...raw, cniVersion: '1.0.0', cniVersions: undefined });
    return {
      ...usable(parseNetwork(sound, { file: path, list: path.endsWith('.conflist') })),
      cniVersion: version,
    };
  } catch {
    return null;
  }
}

function rawOf(host: ReadHost, path: string): Record<string, unknown> | null {
  try {
    return objectOf(host.readFile(path, { follow: true }), path);
  } catch {
    return null;
  }
}

function versionsIn({ cniVersion, cniVersions }: Record<string, unknown>): string[] {
  const named: unknown[] = [...(Array.isArray(cniVersions) ? cniVersions : []), cniVersion];
  return named.filter((version): version is string => typeof version === 'string' && version !== '');
}

function broken({ message, place }: CniError): CniConfFile {
  return { path: place.file ?? '', name: '', cniVersion: '', plugins: [], problem: message };
}

function timeOf(host: ReadHost, path: string): number {
  try {
    return host.stat(path, { follow: true }).mtime;
  } catch {
    return 0;
  }
}

function filesElsewhere(host: ReadHost, own: string): string[] {
  return USUAL.filter((folder) => folder !== own).flatMap((folder) => {
    try {
      const names = host.list(folder).filter((name) => SUFFIX.test(name));
      return names.slice(0, 10).map((name) => `${folder}/${name}`);
    } catch {
      return [];
    }
  });
}
