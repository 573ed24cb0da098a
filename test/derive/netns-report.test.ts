import { expect, test } from 'vitest';
import { type NetnsLook, netnsReport } from '../../src/derive/netns-report.ts';
import { podViews } from '../../src/derive/pod-view.ts';
import type { NetworkLooked } from '../../src/model/netns-report.ts';
import type { NetworkSeen } from '../../src/model/network.ts';
import { healthyNode, ns } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';

function looked(seen: NetworkSeen | null | undefined, listeners: NetworkLooked['listeners']): NetworkLooked {
  return {
    links: (seen?.links ?? []).map((link) => ({ ...link, mtu: 1500 })),
    addresses: seen?.addresses ?? [],
    routes: (seen?.routes ?? []).map((route) => ({ ...route, source: '', metric: 0 })),
    listeners,
  };
}

const socket = (port: number, inode: number) => ({
  protocol: 'tcp' as const,
  address: '0.0.0.0',
  port,
  inode,
});

/** What is seen in pod `name`: socket 7 of its app, 8 of its sidecar, 9 of a process of the node. */
function look(name: string, change: (node: ReturnType<typeof healthyNode>) => void = () => {}): NetnsLook {
  const node = healthyNode();
  change(node);
  const pods = podViews(snapshotOf(node).facts);
  const pod = pods.find((p) => p.meta?.name === name);
  if (!pod) throw new Error(`there is no ${name}`);
  const [app, sidecar] = pod.containers;
  const inside = pod.hostNetwork
    ? node.networks.host
    : node.networks.pods.find((p) => p.ns === pod.anchors.get('net')?.id);
  return {
    pod,
    pods,
    ns: pod.anchors.get('net')?.id ?? ns(0),
    seenAt: '/proc/1/ns/net',
    inside: looked(inside?.seen, [socket(80, 7), socket(81, 8), socket(82, 9), socket(83, 0)]),
    host: looked(node.networks.host.seen, [socket(8080, 9)]),
    processes: node.processes,
    holders: new Map([
      [7, [app?.init?.pid ?? 0]],
      [8, [sidecar?.init?.pid ?? 0]],
      [9, [100]],
    ]),
    published: new Map(),
  };
}

test('a pod’s links, routes and sockets, with who holds them and the host end', () => {
  const report = netnsReport(look('web'));
  expect(report.interfaces.map((i) => [i.name, i.addresses, i.hostEnd])).toEqual([
    ['lo', ['127.0.0.1/8'], null],
    ['eth0', ['10.88.0.2/24'], { name: 'veth1', up: true, bridge: 'cni0', bridgeUp: true }],
  ]);
  expect(report.routes[0]).toMatchObject({
    destination: '0.0.0.0/0',
    gateway: '10.88.0.1',
    interface: 'eth0',
  });
  expect(report.listeners.map((l) => [l.port, l.holders])).toEqual([
    [80, [{ pid: 120, comm: 'app', container: 'app' }]],
    [81, [{ pid: 121, comm: 'sidecar', container: 'sidecar' }]],
    [82, [{ pid: 100, comm: 'containerd', container: '' }]],
    [83, []],
  ]);
  expect(report.conflicts).toEqual([]);
  expect(report.restarting).toEqual([]);
});

test('of the node’s network only the sockets of the pod itself are shown', () => {
  const report = netnsReport(look('agent'));
  expect(report.netns.host).toBe(true);
  expect(report.listeners.map((l) => l.port)).toEqual([80]);
});

test('a host port is compared with other pods’, and with the node’s listeners', () => {
  const port = { protocol: 'tcp', hostIp: '', hostPort: 8080, containerPort: 80 };
  const given = look('web');
  const [other] = given.pods.filter((p) => p.meta?.name === 'shared');
  const published = new Map([
    [given.pod.id, [port]],
    [other?.id ?? '', [port]],
  ]);
  expect(netnsReport({ ...given, published }).conflicts.map((c) => c.message)).toEqual([
    'host port 8080/tcp is published by default/shared too: only one of them gets its traffic',
    'host port 8080/tcp is taken away from process 100 (containerd) of the node, which listens on *:8080',
  ]);
});

test('a container that ended after a restart is named; one that runs again, or ran once, is not', () => {
  const ended = (attempt: number, name: string) =>
    look('web', (node) => {
      const sidecar = node.containers.find((c) => c.name === 'sidecar');
      if (sidecar) node.containers.push({ ...sidecar, id: 'f'.repeat(64), name, attempt, state: 'exited' });
    });
  expect(netnsReport(ended(3, 'crash')).restarting).toEqual(['crash']);
  expect(netnsReport(ended(0, 'init')).restarting).toEqual([]);
  expect(netnsReport(ended(3, 'sidecar')).restarting).toEqual([]);
});
