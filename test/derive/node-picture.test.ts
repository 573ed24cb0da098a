import { expect, test } from 'vitest';
import { nodePicture } from '../../src/derive/picture/node.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { PicturePlace, PicturePod } from '../../src/model/picture.ts';
import { id, ns } from '../support/node.ts';
import { aCheck, aFinding } from '../support/report.ts';
import { nodeWithPods, sickNode } from '../support/sick-node.ts';
import { snapshotOf } from '../support/snapshot.ts';

const draw = (node: Partial<Facts>, findings: Parameters<typeof aFinding>[0][] = []) =>
  nodePicture(snapshotOf(node).facts, [aCheck({ findings: findings.map(aFinding) })]);

function podOf({ places }: { places: PicturePlace[] }, n: number): PicturePod | undefined {
  return places.flatMap(({ pods }) => pods).find((pod) => pod.id === id(`a${n}`));
}

test('a healthy pod hangs on its bridge with all that belongs to it', () => {
  const picture = draw(nodeWithPods(1).node);
  expect(picture).toMatchObject({
    node: 'worker-1',
    about: ['containerd 2.1.9', 'kernel 6.18.0'],
    uplinks: [{ name: 'eth0', addresses: ['192.0.2.10/24'], up: true, leadsOut: true }],
    orphans: [],
    marks: [],
    unseen: [],
    places: [{ kind: 'bridge', name: 'cni0', addresses: ['10.88.0.1/24'], broken: '' }],
  });
  expect(podOf(picture, 101)).toEqual({
    id: id('a101'),
    title: 'default/web-0',
    state: 'ready',
    addresses: ['10.88.0.102/24'],
    pause: { state: 'runs', pid: 10_111 },
    namespaces: [
      { type: 'net', ns: 'net:[4026540101]', at: '/proc/10111/ns/net' },
      { type: 'ipc', ns: 'ipc:[4026540102]', at: '/proc/10111/ns/ipc' },
      { type: 'uts', ns: 'uts:[4026540103]', at: '/proc/10111/ns/uts' },
      { type: 'pid', ns: 'pid:[4026540104]', at: '/proc/10111/ns/pid' },
    ],
    containers: [
      { id: id('c1010'), name: 'app', state: 'running', pid: 10_120, differs: [], marks: [] },
      { id: id('c1011'), name: 'proxy', state: 'running', pid: 10_121, differs: [], marks: [] },
    ],
    cable: { inside: 'eth0', kind: 'veth', outside: 'veth101', broken: '', marks: [] },
    marks: [],
    sick: false,
  });
});

test('what the facts alone show as broken makes a pod sick, and sick pods come first', () => {
  const picture = draw(sickNode(7));
  expect(podOf(picture, 101)?.containers[0]?.differs).toEqual([
    { type: 'net', ns: 'net:[4026530004]', whose: 'the node' },
  ]);
  expect(podOf(picture, 102)?.cable?.broken).toBe('veth102 is not in cni0');
  expect(podOf(picture, 103)?.pause).toEqual({ state: 'dead', pid: null });
  expect(picture.places.map(({ kind, pods }) => [kind, pods.map(({ sick }) => sick)])).toEqual([
    ['bridge', [true, true, true, false, false, false]],
    ['node', [false]],
  ]);
});

test.each<[string, (node: Facts) => void, string]>([
  ['its end is down', ({ networks }) => change(networks, 'veth101', { up: false }), 'veth101 is down'],
  [
    'its end is gone',
    ({ networks }) => change(networks, 'veth101', { index: 999 }),
    'the end of eth0 on the node is missing',
  ],
  [
    'it is in another bridge',
    ({ networks }) => change(networks, 'veth101', { master: 50 }),
    'veth101 is in eth0, not in cni0',
  ],
  ['all is well', () => undefined, ''],
])('a cable of which %s', (_, alter, broken) => {
  const { node } = nodeWithPods(1);
  alter(node);
  expect(podOf(draw(node), 101)).toMatchObject({ sick: broken !== '', cable: { broken } });
});

type Links = NonNullable<Facts['networks']['host']['seen']>['links'];

function change({ host }: Facts['networks'], name: string, over: Partial<Links[number]>): void {
  const link = host.seen?.links.find((one) => one.name === name);
  if (link) Object.assign(link, over);
}

test('a bridge that CNI gave and that is no more', () => {
  const { node } = nodeWithPods(2);
  const { seen } = node.networks.host;
  if (seen) seen.links = seen.links.filter(({ name }) => name !== 'cni0');
  expect(draw(node).places).toMatchObject([{ kind: 'bridge', name: 'cni0', broken: 'missing' }]);
});

test('findings lie where they are about, all others on the node', () => {
  const { node } = nodeWithPods(2);
  const picture = draw(node, [
    { subject: { kind: 'sandbox', id: id('a101') }, fingerprint: '1' },
    { subject: { kind: 'container', id: id('c1010') }, fingerprint: '2' },
    { subject: { kind: 'process', id: '10211' }, fingerprint: '3' },
    { subject: { kind: 'link', id: 'veth102' }, fingerprint: '4' },
    { subject: { kind: 'link', id: 'cni0' }, fingerprint: '5' },
    { subject: { kind: 'netns', id: '/run/netns/cni-gone' }, fingerprint: '6' },
    { subject: { kind: 'rule', id: 'r', name: '10.88.0.9' }, fingerprint: '7' },
    { subject: { kind: 'image', id: 'pause' }, fingerprint: '8' },
    { subject: { kind: 'file', id: '/a', name: 'prod/api-1' }, fingerprint: '9' },
    { subject: { kind: 'process', id: '1' }, fingerprint: '10' },
  ]);
  const of = (marks: { fingerprint: string }[] | undefined) => marks?.map(({ fingerprint }) => fingerprint);
  expect(of(podOf(picture, 101)?.marks)).toEqual(['1']);
  expect(of(podOf(picture, 101)?.containers[0]?.marks)).toEqual(['2']);
  expect(of(podOf(picture, 102)?.marks)).toEqual(['3', '9']);
  expect(of(podOf(picture, 102)?.cable?.marks)).toEqual(['4']);
  expect(of(picture.places[0]?.marks)).toEqual(['5']);
  expect(picture.orphans.map(({ kind, name, marks }) => [kind, name, of(marks)])).toEqual([
    ['netns', '/run/netns/cni-gone', ['6']],
    ['rule', '10.88.0.9', ['7']],
  ]);
  expect(of(picture.marks)).toEqual(['8', '10']);
});

test('information is a mark, and no sickness', () => {
  const { node } = nodeWithPods(1);
  const found = { severity: 'info', subject: { kind: 'sandbox', id: id('a101') } } as const;
  expect(podOf(draw(node, [found]), 101)).toMatchObject({ sick: false, marks: [{ severity: 'info' }] });
});

test('one pod alone comes without what has nothing to do with it', () => {
  const { facts } = snapshotOf(sickNode(7));
  const orphan = aFinding({ subject: { kind: 'netns', id: '/run/netns/cni-gone' } });
  const picture = nodePicture(facts, [aCheck({ findings: [orphan] })], (pod) => pod.id === id('a102'));
  expect(picture.places.flatMap(({ pods }) => pods.map(({ title }) => title))).toEqual(['prod/api-1']);
  expect(picture).toMatchObject({ orphans: [], marks: [] });
});

test('what was not seen is said, and nothing is made up for it', () => {
  const { node } = nodeWithPods(1);
  const { networks: _, ...rest } = node;
  const picture = draw(rest);
  expect(picture.unseen).toEqual(['networks was not looked at']);
  expect(picture.uplinks).toEqual([]);
  expect(podOf(picture, 101)).toMatchObject({ sick: false, cable: null, addresses: ['10.88.0.102'] });
  expect(draw({ host: node.host })).toMatchObject({ places: [], orphans: [] });
});

test('a sandbox that ended has no dead pause, one whose containers run on has', () => {
  const { node, pods } = nodeWithPods(2);
  const [first, second] = pods;
  const gone = [first?.pause, ...(first?.containers.map(({ init }) => init) ?? []), second?.pause];
  node.processes = node.processes.filter((process) => !gone.includes(process));
  for (const pod of pods) pod.sandbox.state = 'notready';
  const picture = draw(node);
  expect(podOf(picture, 101)).toMatchObject({ sick: false, pause: { state: 'ended' } });
  expect(podOf(picture, 102)).toMatchObject({ sick: true, pause: { state: 'dead' } });
});

test('where the runtime keeps no pauses none is missing', () => {
  const { node, pods } = nodeWithPods(1);
  node.processes = node.processes.filter((process) => process !== pods[0]?.pause);
  expect(podOf(draw(node), 101)).toMatchObject({ sick: true, pause: { state: 'dead' } });
  node.runtimeConfig.dropsInfra = true;
  expect(podOf(draw(node), 101)).toMatchObject({ sick: false, pause: { state: 'none' } });
});

test("a container in another pod's namespace says whose", () => {
  const { node, pods } = nodeWithPods(2);
  const app = pods[0]?.containers[0];
  if (app) app.init.ns = { ...app.init.ns, net: ns(10_201) };
  const [differing] = podOf(draw(node), 101)?.containers[0]?.differs ?? [];
  expect(differing?.whose).toBe('prod/api-1');
});
