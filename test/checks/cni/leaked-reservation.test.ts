import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/leaked-reservation.ts';
import type { Facts } from '../../../src/model/facts.ts';
import {
  addPod,
  bareProcess,
  DAY,
  emptyNode,
  healthyNode,
  judge,
  kill,
  NOW,
  ns,
  type Pod,
  unread,
} from '../../support/node.ts';
import { ownSandbox } from '../../support/own.ts';
import { DEAD, HOUR, inNetwork, last, leaky, must } from './leftover.ts';

/** Takes a pod away from all witnesses but the disk. */
function forget(node: Facts, pod: Pod): void {
  kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
  node.sandboxes = node.sandboxes.filter((s) => s !== pod.sandbox);
  node.containers = node.containers.filter((c) => c.sandboxId !== pod.sandbox.id);
  node.bundles = node.bundles.filter((b) => b.sandboxId !== pod.sandbox.id);
  node.store.records = node.store.records.filter((r) => r !== pod.record);
  node.store.sandboxes = node.store.sandboxes?.filter((one) => one !== pod.sandbox.id) ?? null;
}

describe('cni/leaked-reservation', () => {
  it('passes a node where every address has its sandbox', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', problems: [] });
  });

  it('names the address, its network and the id that nothing owns', async () => {
    const [finding, ...others] = (await judge(check, leaky())).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      messageId: 'alone',
      severity: 'warning',
      message: `10.88.0.77 of podnet is reserved for ${DEAD}, of which nothing else is left, as after a start that failed and was not cleaned up`,
      subject: {
        kind: 'reservation',
        id: '/var/lib/cni/networks/podnet/10.88.0.77',
        name: 'podnet 10.88.0.77',
      },
      data: { address: '10.88.0.77', network: 'podnet', container: DEAD, beforeBoot: false },
      evidence: [
        { at: '/var/lib/cni/networks/podnet/10.88.0.77', value: 'dead000000000, since 2026-11-23T11:00Z' },
      ],
      remedies: [
        { risk: 'safe', commands: ['podctl gc ipam'] },
        { commands: ['flock /var/lib/cni/networks/podnet/lock rm /var/lib/cni/networks/podnet/10.88.0.77'] },
      ],
    });
  });

  it('says of one from before the last boot that it is', async () => {
    const node = leaky({ mtime: NOW - 30 * DAY });
    expect((await judge(check, node)).findings).toMatchObject([
      {
        message: `10.88.0.77 of podnet is reserved for ${DEAD}, which nothing on this node owns, from before the last boot`,
        data: { beforeBoot: true },
      },
    ]);
  });

  it('names an empty file, which holds its address for nobody', async () => {
    const node = leaky({ state: 'empty', containerId: null });
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'nameless',
        message: '10.88.0.77 of podnet is reserved by an empty file, so that nothing ever frees it',
        evidence: [{ value: 'empty, since 2026-11-23T11:00Z' }],
      },
    ]);
  });

  it('shows the cached result and judges a pod whose pin is left as well', async () => {
    const node = emptyNode();
    addPod(node, 1, 'web');
    const gone = addPod(node, 2, 'gone');
    forget(node, gone);
    expect((await judge(check, node)).findings).toMatchObject([
      {
        subject: { id: gone.network.reservation.path },
        evidence: [{}, { fact: 'cniCache', at: gone.network.cached.path }],
      },
    ]);
  });

  it('names the socket where crictl would not find it', async () => {
    const node = leaky();
    node.endpoints.chosen = { path: '/run/k3s/containerd.sock', source: 'flag', state: 'socket' };
    expect((await judge(check, node)).findings[0]?.remedies[0]?.commands).toEqual([
      'podctl gc ipam -r unix:///run/k3s/containerd.sock',
    ]);
  });

  const innocent: [string, (node: Facts) => void][] = [
    [
      'a listed sandbox owns it, stopped as it may be',
      (n) => void n.sandboxes.push({ ...must(n.sandboxes[0]), id: DEAD, state: 'notready' }),
    ],
    ['a record has its id', (n) => void n.store.records.push({ ...must(n.store.records[0]), id: DEAD })],
    ['the sandbox store of containerd 2.x has its id', (n) => void n.store.sandboxes?.push(DEAD)],
    ['a bundle has its id', (n) => void n.bundles.push({ ...must(n.bundles[0]), id: DEAD, sandboxId: null })],
    [
      'a container belongs to it',
      (n) => void n.containers.push({ ...must(n.containers[0]), sandboxId: DEAD }),
    ],
    [
      'a shim serves it',
      (n) =>
        void n.processes.push({ ...bareProcess(5000, 'containerd-shim'), shim: { ...shimOf(n), id: DEAD } }),
    ],
    [
      'a CNI plugin works for it',
      (n) =>
        void n.processes.push({
          ...bareProcess(5000, 'bridge'),
          cni: { command: 'DEL', containerId: DEAD, netns: '' },
        }),
    ],
    [
      'a process is in the namespace that is pinned for it',
      (n) => {
        const path = '/run/netns/cni-11111111-2222-4333-8444-555555555555';
        n.pins.pins.push({
          path,
          type: 'net',
          ns: ns(777),
          mounts: 1,
          confirmed: true,
          scheme: 'containerd',
        });
        n.pins.attachments.push({
          path: '/x',
          containerId: DEAD,
          network: 'podnet',
          netns: `/var${path}`,
          mtime: 0,
        });
        const process = bareProcess(5000, 'nginx');
        n.processes.push({ ...process, ns: { ...process.ns, net: ns(777) } });
      },
    ],
    ['one of podctl itself has its id', (n) => void n.ownSandboxes.push(ownSandbox(1, { id: DEAD }))],
    ['it is young', (n) => void Object.assign(last(n), { mtime: NOW - 5000 })],
    ['its time lies in the future', (n) => void Object.assign(last(n), { mtime: NOW + HOUR })],
    ['it went away or changed while we looked', (n) => void Object.assign(last(n), { confirmed: false })],
    [
      'something that lives has the address, whoever it is reserved for',
      (n) => {
        const pod = must(n.networks.pods[0]);
        must(pod.seen).addresses.push({ link: 2, address: '10.88.0.77', prefix: 24 });
      },
    ],
    ['it is no address', (n) => void Object.assign(last(n), { address: null })],
    ['it is no regular file', (n) => void Object.assign(last(n), { state: 'foreign' })],
    ['its text is no id', (n) => void Object.assign(last(n), { state: 'malformed' })],
    ['its id is none of CRI', (n) => void Object.assign(last(n), { containerId: `default-${DEAD}` })],
    ["it is in podman's network", (n) => void Object.assign(last(n), inNetwork('podman'))],
    [
      'it is in a network that no configuration names',
      (n) => void Object.assign(last(n), inNetwork('macvlan')),
    ],
    [
      'it is in another folder than the configuration of its network uses',
      (n) => void Object.assign(last(n), { folder: '/srv/ipam/podnet' }),
    ],
  ];
  it.each(innocent)('does not report a reservation when %s', async (_, alter) => {
    const node = leaky();
    alter(node);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('counts a future time as young even when no age is asked for', async () => {
    const settings = { minAgeMs: 0 };
    expect(await judge(check, leaky({ mtime: NOW + HOUR }), {}, settings)).toMatchObject({ verdict: 'pass' });
    expect(await judge(check, leaky({ mtime: NOW }), {}, settings)).toMatchObject({ verdict: 'found' });
  });

  it.each([
    ['sandboxes', 'no answer within 10 s'],
    ['runtime', 'the runtime does not answer: an owner may be missing from sight'],
    ['store', "containerd's own store cannot be read: an owner may be missing from sight"],
    ['bundles', "the runtime's folders cannot be read: an owner may be missing from sight"],
    ['containers', "the runtime's containers cannot be listed: an owner may be missing from sight"],
    ['ownSandboxes', "podctl's own sandboxes cannot be read: an owner may be missing from sight"],
  ] as const)('calls nothing leaked while %s cannot be read', async (fact, reason) => {
    const silent = unread('timeout', 'no answer within 10 s');
    expect(await judge(check, leaky(), { [fact]: silent })).toMatchObject({
      verdict: 'unknown',
      reason,
      findings: [],
    });
  });

  it('calls nothing leaked when the clock was set since boot', async () => {
    const node = leaky();
    must(node.sandboxes[0]).createdAt = Date.UTC(1970, 0, 2);
    expect(await judge(check, node)).toMatchObject({
      verdict: 'unknown',
      reason: 'the clock was set since boot: the age of files cannot be told',
    });
    must(node.sandboxes[0]).createdAt = NOW + DAY;
    expect(await judge(check, node)).toMatchObject({ verdict: 'unknown' });
    must(node.sandboxes[0]).state = 'notready';
    expect(await judge(check, node)).toMatchObject({ verdict: 'found' });
  });
});

function shimOf(node: Facts) {
  return must(node.processes.find((p) => p.shim !== null)?.shim ?? undefined);
}
