import type { Facts } from '../../src/model/facts.ts';
import { addPod, emptyNode, HOST_NS, id, ns } from './node.ts';
import type { Pod } from './pod.ts';

const ETH0 = 50;
const APPS = ['web', 'api', 'worker', 'redis', 'ingress-nginx-controller', 'metrics-server', 'coredns'];
const NAMESPACES = ['default', 'prod', 'kube-system'];

/** A healthy node whose `eth0` leads out, with pods of several namespaces; every seventh uses the node's network. */
export function nodeWithPods(count: number): { node: Facts; pods: Pod[] } {
  const node = emptyNode();
  const { seen } = node.networks.host;
  const [cni0] = seen?.links.filter(({ name }) => name === 'cni0') ?? [];
  if (seen && cni0) {
    seen.links.push({ ...cni0, index: ETH0, name: 'eth0', kind: '', mac: '02:00:00:00:00:10' });
    seen.addresses.push({ link: ETH0, address: '192.0.2.10', prefix: 24 });
    seen.routes.push({ destination: '0.0.0.0/0', gateway: '192.0.2.1', link: ETH0 });
  }
  const pods = Array.from({ length: count }, (_, i) => {
    const app = APPS[i % APPS.length] ?? '';
    const containers = i % 3 === 0 ? ['app', 'proxy'] : ['app'];
    // Three digits: ids begin with them, and none is the beginning of another.
    const pod = addPod(node, 101 + i, `${app}-${i}`, { containers, hostNetwork: i % 7 === 6 });
    pod.sandbox.namespace = NAMESPACES[i % NAMESPACES.length] ?? '';
    return pod;
  });
  return { node, pods };
}

/**
 * Such a node with faults: the first pod's app is in the node's network, the second's veth in no bridge, the
 * third's pause is gone; two addresses and a network namespace are left behind.
 */
export function sickNode(count = 8): Facts {
  const { node, pods } = nodeWithPods(count);
  const [first, second, third] = pods;
  const [app] = first?.containers ?? [];
  if (app) app.init.ns = { ...app.init.ns, net: HOST_NS.net };
  if (second) second.network.link.master = 0;
  node.processes = node.processes.filter((process) => process !== third?.pause);
  const [like] = node.reservations.reservations;
  for (const n of [240, 241]) {
    const address = `10.88.0.${n}`;
    if (like)
      node.reservations.reservations.push({
        ...like,
        path: `/var/lib/cni/networks/podnet/${address}`,
        address,
        containerId: id(`dead${n}`),
      });
  }
  node.pins.pins.push({
    path: '/run/netns/cni-deadbeef-0000-4000-8000-000000000001',
    type: 'net',
    ns: ns(90_001),
    mounts: 1,
    confirmed: true,
    scheme: 'containerd',
  });
  return node;
}
