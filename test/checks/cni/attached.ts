import type { CniCacheEntry, CniPluginConf, Facts } from '../../../src/model/facts.ts';
import type { NetworkSeen } from '../../../src/model/network.ts';
import { addPod, emptyNode, type Pod } from '../../support/node.ts';

type Link = NetworkSeen['links'][number];

/** A node with one pod in its bridge, and everything that its attachment consists of. */
export interface Attached {
  node: Facts;
  pod: Pod;
  entry: CniCacheEntry;
  inside: NetworkSeen;
  host: NetworkSeen;
  eth0: Link;
  end: Link;
  bridge: Link;
  plugin: CniPluginConf;
}

export function attached(): Attached {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  const [conf] = node.cniConf.files;
  const [plugin, ...others] = structuredClone(conf?.plugins ?? []);
  const { inside, link: end, cached: entry } = pod.network;
  const host = node.networks.host.seen;
  const eth0 = inside.seen?.links.find(({ name }) => name === 'eth0');
  const bridge = host?.links.find(({ kind }) => kind === 'bridge');
  if (!plugin || !inside.seen || !host || !eth0 || !bridge) throw new Error('the node has all of this');
  plugin.does = { gateway: true, forceAddress: false, masquerade: false, ports: false, tunesPorts: false };
  node.cniCache.configs = [{ network: 'podnet', plugins: [plugin, ...others] }];
  return { node, pod, entry, inside: inside.seen, host, eth0, end, bridge, plugin };
}

/** The kernel takes the other end with it. */
export function deleteEth0({ inside, host, eth0, end }: Attached): void {
  const without = <T>(list: T[], one: T) => void list.splice(list.indexOf(one), 1);
  without(inside.links, eth0);
  without(host.links, end);
  flush({ inside, eth0 });
  inside.routes = [];
}

/** With the last address the kernel drops the routes as well. */
export function flush({ inside, eth0 }: Pick<Attached, 'inside' | 'eth0'>): void {
  inside.addresses = inside.addresses.filter(({ link }) => link !== eth0.index);
  inside.routes = inside.routes.filter(({ link }) => link !== eth0.index);
}
