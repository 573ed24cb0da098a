import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/reservation-conflict.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, id, judge, kill, NOW, type Pod } from '../../support/node.ts';

const FILE = '/var/lib/cni/networks/podnet/10.88.0.2';

/** A node whose first pod lost its reservation. */
function unreserved(): { node: Facts; pod: Pod } {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  addPod(node, 2, 'other');
  node.reservations.reservations = node.reservations.reservations.filter(
    (r) => r !== pod.network.reservation,
  );
  return { node, pod };
}

/** Gives a pod the address of another one, as host-local does when the reservation is gone. */
function giveAway(node: Facts, from: Pod, to: Pod): void {
  const address = from.network.reservation.address ?? '';
  to.network.reservation.address = address;
  to.network.reservation.path = from.network.reservation.path;
  to.network.cached.addresses = [address];
  for (const one of to.network.inside.seen?.addresses ?? []) if (one.link === 2) one.address = address;
  node.reservations.reservations = node.reservations.reservations.filter(
    (r) => r !== from.network.reservation,
  );
}

describe('cni/reservation-conflict', () => {
  it('passes a node where every address is reserved for its sandbox', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names an address that the next pod may get as well', async () => {
    const { node, pod } = unreserved();
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'unreserved',
        severity: 'warning',
        message: '10.88.0.2 of default/web is not reserved: the next pod on this node may get it, too',
        subject: { kind: 'reservation', id: FILE },
        data: { address: '10.88.0.2', ids: pod.sandbox.id },
        evidence: [
          { fact: 'networks', at: pod.pinPath, value: '10.88.0.2; sandbox a100000000000' },
          { fact: 'reservations', at: FILE, value: 'missing' },
        ],
        remedies: [{ risk: 'disruptive', commands: [`crictl stopp ${pod.sandbox.id}`] }],
      },
    ]);
  });

  it('names an address that is reserved for another one', async () => {
    const { node, pod } = unreserved();
    node.reservations.reservations.push({ ...pod.network.reservation, containerId: id('dead') });
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'otherOwner',
        severity: 'warning',
        message:
          '10.88.0.2 of default/web is reserved for dead000000000: when that goes, another pod may get it',
        evidence: [{}, { value: 'for dead000000000' }],
      },
    ]);
  });

  it('names two pods with one address, and has the younger one made anew', async () => {
    const node = emptyNode();
    const [elder, younger] = [addPod(node, 1, 'elder'), addPod(node, 2, 'younger', { young: true })];
    giveAway(node, elder, younger);
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'doubled',
        severity: 'error',
        message:
          'default/elder and default/younger have the same address 10.88.0.2: traffic reaches one of them at random',
        subject: { id: FILE },
        data: { ids: `${elder.sandbox.id} ${younger.sandbox.id}` },
        evidence: [{ at: elder.pinPath }, { at: younger.pinPath }, { value: 'for a200000000000' }],
        remedies: [{ commands: [`crictl stopp ${younger.sandbox.id}`] }],
      },
    ]);
  });

  it('sees that two spellings are one address', async () => {
    const { node, pod } = unreserved();
    const [conf] = node.cniConf.files[0]?.plugins ?? [];
    conf?.ipam?.ranges.push({ subnet: 'fd00:88::/64', start: '', end: '' });
    pod.network.inside.seen?.addresses.splice(0, 9, { link: 2, address: 'fd00:88::5', prefix: 64 });
    pod.network.cached.addresses = ['fd00:88:0:0::5'];
    expect(await judge(check, node)).toMatchObject({ verdict: 'found' });
    node.reservations.reservations.push({ ...pod.network.reservation, address: 'fd00:0088::0005' });
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  const innocent: [string, (node: Facts, pod: Pod) => void][] = [
    ['it is outside the ranges', (n) => void setRanges(n, [{ subnet: '10.99.0.0/24', start: '', end: '' }])],
    [
      'it is below the range',
      (n) => void setRanges(n, [{ subnet: '10.88.0.0/24', start: '10.88.0.9', end: '' }]),
    ],
    [
      'it is above the range',
      (n) => void setRanges(n, [{ subnet: '10.88.0.0/24', start: '', end: '10.88.0.1' }]),
    ],
    ['CNI gave the pod another one', (_, pod) => void pod.network.cached.addresses.splice(0, 1, '10.88.0.9')],
    [
      'its reservation is in another folder',
      (n, { network }) => {
        n.reservations.reservations.push({ ...network.reservation, folder: '/srv/ipam/podnet' });
      },
    ],
    [
      'its reservation changed while we looked',
      (n, { network }) => {
        n.reservations.reservations.push({
          ...network.reservation,
          containerId: id('dead'),
          confirmed: false,
        });
      },
    ],
    ['its sandbox is stopped', (_, pod) => void Object.assign(pod.sandbox, { state: 'notready' })],
    ['its sandbox is no more listed', (n) => void n.sandboxes.shift()],
    ['its pause is dead', (n, { pause }) => void n.processes.splice(n.processes.indexOf(pause), 1)],
    ["it is podctl's", (_, pod) => void Object.assign(pod.sandbox, { provider: 'podctl' })],
    ['its namespace was not seen', (_, pod) => void Object.assign(pod.network.inside, { seen: null })],
    [
      'it is link-local',
      (_, pod) => {
        for (const one of pod.network.inside.seen?.addresses ?? []) one.address = '169.254.1.1';
      },
    ],
  ];
  it.each(innocent)('does not report an address when %s', async (_, alter) => {
    const { node, pod } = unreserved();
    alter(node, pod);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('knows a sandbox of CRI-O, which keeps no pause, by its pin', async () => {
    const { node, pod } = unreserved();
    node.runtime.name = 'cri-o';
    kill(node, pod.pause);
    for (const bundle of node.bundles) bundle.namespace = '';
    expect((await judge(check, node)).findings).toMatchObject([{ data: { ids: pod.sandbox.id } }]);
    pod.sandbox.createdAt = NOW - 1000;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('leaves a young sandbox alone: its reservation was read before it was made', async () => {
    const node = emptyNode();
    addPod(node, 1, 'web', { young: true });
    node.reservations.reservations = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    expect(await judge(check, node, {}, { minAgeMs: 1000 })).toMatchObject({ verdict: 'found' });
  });

  it('is skipped where the pod network does not use host-local', async () => {
    const { node } = unreserved();
    const [file] = node.cniConf.files;
    for (const plugin of file?.plugins ?? []) plugin.ipam = null;
    expect(await judge(check, node)).toMatchObject({
      verdict: 'skipped',
      reason: 'the pod network does not use host-local',
    });
    node.cniConf.files = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'skipped' });
  });
});

function setRanges(node: Facts, ranges: { subnet: string; start: string; end: string }[]): void {
  const ipam = node.cniConf.files[0]?.plugins[0]?.ipam;
  if (ipam) ipam.ranges = ranges;
}
