import type { CniPluginConf } from '../model/facts.ts';
import { digText } from '../model/json-path.ts';
import { isObject } from '../model/shape.ts';

/** Keys of plugins' configurations that name files or folders; nothing else of them is kept. */
const FILE_KEYS = [
  'binDir',
  'cniDir',
  'daemonSocketDir',
  'dataDir',
  'kubeconfig',
  'nodename_file',
  'readinessindicatorfile',
  'server_socket',
  'subnetFile',
];
const LONGEST = 4096;
const MOST = 50;

type Conf = Readonly<Record<string, unknown>>;
type Needs = Pick<CniPluginConf, 'delegates' | 'files'>;

/** Which plugins a plugin hands over to, and which files it is told to use. */
export function pluginNeeds(plugin: Conf): Needs {
  const named = FILE_KEYS.map((key): [string, string | null] => [key, digText(plugin, key)]);
  named.push(['kubeconfig', digText(plugin, 'kubernetes', 'kubeconfig') ?? digText(plugin, 'kubeconfig')]);
  const files = named.filter((pair): pair is [string, string] => pair[1] !== null && isPath(pair[1]));
  // Calico waits for its file unless it is told not to.
  if (plugin.nodename_file_optional === true) files.push(['nodename_file', '']);
  const delegates = [...new Set(delegatesOf(plugin))].slice(0, MOST);
  return {
    ...(delegates.length > 0 ? { delegates } : {}),
    ...(files.length > 0 ? { files: Object.fromEntries(files) } : {}),
  };
}

function delegatesOf(plugin: Conf): string[] {
  if (plugin.type === 'flannel') return flannelDelegates(plugin.delegate);
  if (!Array.isArray(plugin.delegates)) return [];
  const list: unknown[] = plugin.delegates;
  return list.flatMap((one) => {
    if (!isObject(one)) return [];
    return [one, ...(Array.isArray(one.plugins) ? one.plugins : [])].flatMap(typesOf);
  });
}

/** flannel makes a whole configuration for the bridge and host-local, unless it is told others. */
function flannelDelegates(delegate: unknown): string[] {
  const [type, ipam] = [digText(delegate, 'type'), digText(delegate, 'ipam', 'type')];
  return [type || 'bridge', ipam || 'host-local'];
}

function typesOf(conf: unknown): string[] {
  return [digText(conf, 'type'), digText(conf, 'ipam', 'type')].flatMap((type) => type ?? []);
}

function isPath(value: string): boolean {
  return value.startsWith('/') && value.length <= LONGEST && !value.includes('\0');
}
