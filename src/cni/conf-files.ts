import path from 'node:path';
import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import { type Network, objectOf, parseNetwork } from './conf.ts';
import { CniError } from './error.ts';
import { quoted } from './names.ts';

/** Where runtimes look for network configurations. */
export const CONF_FOLDER = '/etc/cni/net.d';
const SUFFIXES = ['.conflist', '.conf', '.json'];

type ConfHost = Pick<ReadHost, 'readFile' | 'list' | 'stat'>;

/** Networks of a folder in the order in which runtimes choose, and the files that cannot be used. */
export interface ConfFolder {
  networks: Network[];
  faults: CniError[];
}

/** Reads one configuration file, and the plugins in the folder beside it that has the network's name. */
export function loadNetwork(host: ConfHost, file: string): Network {
  const list = path.extname(file) === '.conflist';
  return parseNetwork(read(host, file), { file, list }, (name) =>
    addedPlugins(host, path.join(path.dirname(file), name)),
  );
}

/** Every configuration file of a folder, lexically by name; a folder that is not there has none. */
export function loadNetworks(host: ConfHost, folder: string): ConfFolder {
  const found: ConfFolder = { networks: [], faults: [] };
  for (const file of filesIn(host, folder, SUFFIXES)) {
    try {
      found.networks.push(loadNetwork(host, file));
    } catch (error) {
      if (!(error instanceof CniError)) throw error;
      found.faults.push(error);
    }
  }
  return found;
}

/** The first network of a folder with that name. Throws CniError `no-network`, saying which there are. */
export function findNetwork(host: ConfHost, folder: string, name: string): Network {
  const { networks, faults } = loadNetworks(host, folder);
  const found = networks.find((network) => network.name === name);
  if (found) return found;
  const names = [...new Set(networks.map((network) => network.name))];
  const there = names.length > 0 ? `it has ${names.join(', ')}` : 'it has none that can be used';
  const broken = faults.length > 0 ? `; ${faults.map((fault) => fault.message).join('; ')}` : '';
  throw new CniError('no-network', `no network ${quoted(name)} in ${folder}: ${there}${broken}`, {
    network: name,
  });
}

/** Plugin objects of `<folder>/*.conf`, which belong to the network that the folder is named after. */
function addedPlugins(host: ConfHost, folder: string): Record<string, unknown>[] {
  return filesIn(host, folder, ['.conf']).map((file) => {
    const plugin = objectOf(read(host, file), file);
    if (typeof plugin.type === 'string') return plugin;
    throw new CniError('bad-config', `${file} has no "type"; name the plugin's program`, { file });
  });
}

function filesIn(host: ConfHost, folder: string, suffixes: readonly string[]): string[] {
  try {
    return host
      .list(folder)
      .filter((name) => suffixes.includes(path.extname(name)))
      .map((name) => path.join(folder, name))
      .filter((file) => isFile(host, file));
  } catch (error) {
    if (isMissing(error)) return [];
    throw new CniError('bad-config', problemOf(error, folder).message, { file: folder });
  }
}

/** A link that leads nowhere counts as a file: its name asks to be used, so its reader says what is wrong. */
function isFile(host: ConfHost, file: string): boolean {
  try {
    return host.stat(file, { follow: true }).type !== 'directory';
  } catch {
    return true;
  }
}

function read(host: ConfHost, file: string): string {
  try {
    return host.readFile(file, { follow: true });
  } catch (error) {
    throw new CniError('bad-config', problemOf(error, file).message, { file });
  }
}
