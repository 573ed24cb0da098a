import type { Network } from '../cni/conf.ts';
import { loadNetworks } from '../cni/conf-files.ts';
import type { CniError } from '../cni/error.ts';
import type { CniConfFile } from '../model/facts.ts';
import { complete, failed, problem } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { DEFAULT_CNI } from './config/cni-folders.ts';
import { pluginConf } from './ipam-folder.ts';
import { knownValue } from './known-value.ts';

/** Network configurations where the runtime that answers looks for them; else where its files say, or usually. */
export const cniConfCollector: Collector<'cniConf'> = {
  fact: 'cniConf',
  summary: "CNI configuration: files in load order, their plugins, host-local's folders and ranges",
  timeoutMs: 3000,
  needs: ['runtime', 'runtimeConfig'],
  collect({ host, known }) {
    const stated = knownValue(known('runtimeConfig'))?.cni;
    const { confDir, binDirs } = knownValue(known('runtime'))?.cni ?? stated ?? DEFAULT_CNI;
    const { networks, faults } = loadNetworks(host, confDir);
    // The folder itself cannot be listed.
    const unlisted = faults.find(({ place }) => place.file === confDir);
    if (unlisted) return failed('denied', unlisted.message, confDir);
    const files = [...networks.map(usable), ...faults.map(broken)];
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const problems = faults.map((fault) => problem('malformed', fault.message, fault.place.file ?? confDir));
    return complete({ folder: confDir, files, binDirs }, problems);
  },
};

function usable(network: Network): CniConfFile {
  return {
    path: network.file ?? '',
    name: network.name,
    cniVersion: network.cniVersion,
    plugins: network.secret().plugins.map((plugin) => pluginConf(plugin, network.name)),
    problem: '',
  };
}

function broken({ message, place }: CniError): CniConfFile {
  return { path: place.file ?? '', name: '', cniVersion: '', plugins: [], problem: message };
}
