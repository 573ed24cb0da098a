import { expect, test } from 'vitest';
import { ownersOf } from '../../src/derive/owner/owners.ts';
import { podViews } from '../../src/derive/pod-view.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { addPod, bareProcess, HOST_NS, healthyNode, id, kill, ns } from '../support/node.ts';
import { addOwn, ownSandbox } from '../support/own.ts';
import { snapshotOf } from '../support/snapshot.ts';

const UID = '0a1b2c3d-0000-4000-8000-00000000000';

function node(): Facts {
  const facts = healthyNode();
  addPod(facts, 5, 'db', { uid: `${UID}5`, containers: ['postgres'] });
  addOwn(facts, ownSandbox(1));
  return facts;
}

function ask(facts: Snapshot['facts'], text: string): [string, string, string][] {
  return ownersOf(facts, podViews(facts), text).map((m) => [m.kind, m.verdict, m.statement]);
}

const inode = (n: number) => ns(n).split(':')[1] ?? '';
const pin = '/run/netns/cni-00000000-0000-4000-8000-000000000005';

test.each([
  ['511', 'process', 'is the pause of default/db'],
  ['520', 'process', 'belongs to container postgres of default/db'],
  ['510', 'process', 'is the shim of default/db'],
  ['9010', 'process', 'is the pause of podctl/own-1'],
  [inode(501), 'namespace', 'belongs to default/db'],
  [`net:[${inode(501)}]`, 'namespace', 'belongs to default/db'],
  [`ipc:[${inode(502)}]`, 'namespace', 'belongs to default/db'],
  [ns(501), 'namespace', 'belongs to default/db'],
  ['/proc/520/ns/net', 'namespace', 'belongs to default/db'],
  ['/proc/520/ns/pid', 'namespace', 'belongs to container postgres of default/db'],
  ['/proc/520/exe', 'process', 'belongs to container postgres of default/db'],
  [pin, 'pin', 'is the pin of default/db'],
  [`/var${pin}`, 'pin', 'is the pin of default/db'],
  ['veth5', 'link', 'is the host end of eth0 of default/db'],
  ['veth5@if2', 'link', 'is the host end of eth0 of default/db'],
  ['10.88.0.6', 'address', 'belongs to default/db'],
  ['10.88.0.6/24', 'address', 'belongs to default/db'],
  ['02:00:0a:58:00:06', 'mac', 'is of eth0 of default/db'],
  ['02-00-0A-58-00-06', 'mac', 'is of eth0 of default/db'],
  ['02:00:00:00:00:06', 'mac', 'is the host end of eth0 of default/db'],
  ['a500', 'sandbox', 'is the sandbox of default/db'],
  ['c500', 'container', 'is container postgres of default/db'],
  [`${UID}5`, 'uid', 'is of default/db'],
  ['/var/lib/cni/networks/podnet/10.88.0.6', 'reservation', 'is held for default/db'],
  [`/var/lib/cni/results/podnet-${id('a5')}-eth0`, 'cache entry', 'is of the attachment of default/db'],
  [`/kubepods/pod${UID}5/${id('c50')}`, 'cgroup', 'is of container postgres of default/db'],
  [`/sys/fs/cgroup/pids/kubepods/pod${UID}5/${id('a5')}`, 'cgroup', 'is of default/db'],
  [
    `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id('a5')}/config.json`,
    'path',
    'is in the bundle of default/db',
  ],
  [`/var/lib/kubelet/pods/${UID}5/volumes`, 'path', 'names default/db'],
  [`/var/log/pods/default_db_${UID}5/postgres/0.log`, 'path', 'names default/db'],
  ['default/db', 'pod', 'is default/db'],
  ['db', 'pod', 'is default/db'],
])('%s', (text, kind, statement) => {
  expect(ask(snapshotOf(node()).facts, text)).toEqual([[kind, 'pod', statement]]);
});

test.each([
  ['1', "is the node's own: in no container, and in no pod's network namespace"],
  [inode(4), "is the node's own"],
  ['cni0', "is the node's own"],
  ['10.88.0.1', "is the node's own"],
])("%s is the node's", (text, statement) => {
  expect(ask(snapshotOf(node()).facts, text)).toMatchObject([[expect.anything(), 'node', statement]]);
});

test('every answer ends at the sandbox, with its full id and where it can be looked up', () => {
  const { facts } = snapshotOf(node());
  const [link] = ownersOf(facts, podViews(facts), 'veth5');
  expect(link?.how).toEqual([
    { fact: 'networks', at: 'link veth5 of the node', value: expect.stringContaining('veth') },
    { fact: 'networks', at: pin, value: 'link 2 eth0, its other end is link 105' },
    { fact: 'processes', at: '/proc/511/ns/net', value: `net:[${inode(501)}], its pause` },
    { fact: 'sandboxes', at: `sandbox ${id('a5')}`, value: 'default/db, ready' },
  ]);
  expect(link?.owner).toEqual({ id: id('a5'), title: 'default/db', container: '' });
});

test('a text with several meanings gets them all', () => {
  const facts = node();
  facts.processes.push({ ...bareProcess(5000, 'sshd') });
  addPod(facts, 6, '5000');
  expect(ask(snapshotOf(facts).facts, '5000').map(([kind]) => kind)).toEqual(['process', 'pod']);
  expect(ask(snapshotOf(facts).facts, 'a').map(([kind]) => kind)).toEqual([]);
});

test('what was in a pod that is gone is nobody’s, when all was seen', () => {
  const facts = node();
  const gone = facts.reservations.reservations.find((r) => r.address === '10.88.0.6');
  if (gone) gone.containerId = id('dead');
  facts.cniCache.entries = facts.cniCache.entries.filter((e) => e.containerId !== id('a5'));
  facts.networks.pods = facts.networks.pods.filter((p) => p.path !== pin);
  const { facts: seen } = snapshotOf(facts);
  expect(ask(seen, '10.88.0.6')).toEqual([
    ['address', 'nobody', `is held for ${id('dead')}, which nobody knows`],
  ]);
  const problem = { code: 'timeout', message: 'no answer from the runtime' } as const;
  const blind = { ...seen, sandboxes: { status: 'failed', problem, ms: 1 } as const };
  const [unknown] = ownersOf(blind, podViews(blind), '10.88.0.6');
  expect(unknown).toMatchObject({ verdict: 'unknown', reasons: ['no answer from the runtime'] });
});

test('an address that the kernel and a reservation give to different pods has both', () => {
  const facts = node();
  const held = facts.reservations.reservations.find((r) => r.address === '10.88.0.6');
  if (held) held.containerId = id('a1');
  const told = ask(snapshotOf(facts).facts, '10.88.0.6');
  expect(told).toEqual([
    ['address', 'pod', 'belongs to default/db'],
    ['address', 'pod', 'is held for default/web'],
  ]);
});

test('a leaked pin is nobody’s; an operator’s is the node’s', () => {
  const facts = node();
  const base = { type: 'net' as const, mounts: 1, confirmed: true };
  facts.pins.pins.push(
    { ...base, path: '/run/netns/cni-leaked', ns: ns(9001), scheme: 'containerd' },
    { ...base, path: '/run/netns/vpn', ns: ns(9002), scheme: 'foreign' },
  );
  const { facts: seen } = snapshotOf(facts);
  expect(ask(seen, '/run/netns/cni-leaked')).toMatchObject([['pin', 'nobody', expect.anything()]]);
  expect(ask(seen, inode(9001))).toMatchObject([['namespace', 'nobody', expect.anything()]]);
  expect(ask(seen, '/run/netns/vpn')).toMatchObject([['pin', 'node', expect.anything()]]);
});

test('a veth without another end is nobody’s, and unknown where a namespace was not seen', () => {
  const facts = node();
  const [gone] = facts.networks.pods.splice(-1);
  const { facts: seen } = snapshotOf(facts);
  const name = facts.networks.host.seen?.links.at(-1)?.name ?? '';
  expect(ask(seen, name)).toMatchObject([['link', 'nobody', expect.anything()]]);
  if (gone) facts.networks.pods.push({ ...gone, seen: null });
  expect(ask(snapshotOf(facts).facts, name)).toMatchObject([['link', 'unknown', expect.anything()]]);
});

test('who entered a pod’s network is told so, and belongs to none of its containers', () => {
  const facts = node();
  facts.processes.push({ ...bareProcess(700, 'tcpdump'), ns: { ...HOST_NS, net: ns(501) } });
  expect(ask(snapshotOf(facts).facts, '700')).toEqual([
    ['process', 'pod', 'is in no container, but in the network namespace of default/db'],
  ]);
});

test('a pause without a record is nobody’s process, but its sandbox is known', () => {
  const facts = node();
  facts.sandboxes = facts.sandboxes.filter((s) => s.id !== id('a5'));
  facts.store.records = facts.store.records.filter((r) => r.id !== id('a5'));
  const { facts: seen } = snapshotOf(facts);
  const [pause] = ownersOf(seen, podViews(seen), '511');
  expect(pause?.how.at(-1)).toMatchObject({ fact: 'bundles', value: 'default/db, unlisted' });
});

test.each(['nothing', 'veth999', '/no/such/path', '99999', 'zz', '1.2.3', 'net:[1]'])(
  '%s means nothing here',
  (text) => {
    expect(ask(snapshotOf(node()).facts, text)).toEqual([]);
  },
);

test('addresses and MACs that nobody has are nobody’s', () => {
  const { facts } = snapshotOf(node());
  for (const text of ['10.88.0.99', 'fd00::99', '02:00:00:00:00:aa'])
    expect(ask(facts, text)).toMatchObject([[expect.anything(), 'nobody', expect.anything()]]);
});

test('a dead pod’s survivors keep their owner', () => {
  const facts = node();
  const pause = facts.processes.find((p) => p.pid === 511);
  if (pause) kill(facts, pause);
  const { facts: seen } = snapshotOf(facts);
  expect(ask(seen, '520')).toEqual([['process', 'pod', 'belongs to container postgres of default/db']]);
  expect(ask(seen, inode(501))).toEqual([['namespace', 'pod', 'belongs to default/db']]);
});
