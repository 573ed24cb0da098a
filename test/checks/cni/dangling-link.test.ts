import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/dangling-link.ts';
import type { Facts } from '../../../src/model/facts.ts';
import {
  addPod,
  bareProcess,
  emptyNode,
  healthyNode,
  judge,
  kill,
  NOW,
  type Pod,
  unread,
} from '../../support/node.ts';

/** A node on which a pod was removed behind the runtime's back: its pin, veth and reservation stay. */
function dangling(): { node: Facts; gone: Pod } {
  const node = emptyNode();
  addPod(node, 1, 'web');
  const gone = addPod(node, 2, 'gone');
  kill(node, gone.pause, gone.shim, ...gone.containers.map((c) => c.init));
  node.sandboxes = node.sandboxes.filter((s) => s !== gone.sandbox);
  node.store.records = node.store.records.filter((r) => r !== gone.record);
  node.store.sandboxes = node.sandboxes.map((s) => s.id);
  node.bundles = node.bundles.filter((b) => b.sandboxId !== gone.sandbox.id);
  return { node, gone };
}

describe('cni/dangling-link', () => {
  it('passes a node where every link leads into a sandbox', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names the link, where it leads, and what it holds', async () => {
    const { node, gone } = dangling();
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'dangling',
        severity: 'warning',
        message: `veth2 in cni0 leads into ${gone.pinPath}, which no process, sandbox or record uses; it holds 10.88.0.3`,
        subject: { kind: 'link', id: 'veth2' },
        data: {
          name: 'veth2',
          index: 102,
          mac: '02:00:00:00:00:03',
          peerIndex: 2,
          bridge: 'cni0',
          path: gone.pinPath,
        },
        evidence: [
          { at: '/sys/class/net/veth2', value: 'index 102, other end 2, up' },
          { at: gone.pinPath, value: 'net:[4026530201]; no process, no sandbox' },
          { value: 'attachment of a200000000000' },
        ],
        remedies: [{ risk: 'safe', commands: ['podctl gc links'] }, { commands: ['ip link delete veth2'] }],
      },
    ]);
  });

  it('knows one in no bridge from a cached result', async () => {
    const { node, gone } = dangling();
    gone.network.link.master = 0;
    if (gone.network.inside.seen) gone.network.inside.seen.addresses = [];
    expect((await judge(check, node)).findings).toMatchObject([
      { message: `veth2 leads into ${gone.pinPath}, which no process, sandbox or record uses` },
    ]);
    gone.network.cached.hostLinks = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  const innocent: [string, (node: Facts, gone: Pod) => void][] = [
    [
      'it is in the bridge of another program',
      (n, { network }) => {
        n.networks.host.seen?.links.push({
          ...network.link,
          index: 50,
          name: 'docker0',
          kind: 'bridge',
          master: 0,
        });
        network.link.master = 50;
        network.cached.hostLinks = [];
      },
    ],
    [
      'its other end is on the node itself',
      (_, { network }) => void Object.assign(network.link, { peerNetnsId: -1 }),
    ],
    ['it is no veth', (_, { network }) => void Object.assign(network.link, { kind: 'macvlan' })],
    [
      'its other end is in no namespace that can be seen',
      (_, { network }) => void Object.assign(network.inside, { seen: null }),
    ],
    [
      'its other end may be in either of two',
      (n, { network }) => {
        const links = network.inside.seen?.links ?? [];
        const first = n.networks.pods[0]?.seen;
        if (first) first.links = [...first.links, ...links.filter((l) => l.kind === 'veth')];
      },
    ],
    [
      'a process is in the namespace',
      (n, { network }) => {
        const process = bareProcess(5000, 'nginx');
        n.processes.push({ ...process, ns: { ...process.ns, net: network.inside.ns } });
      },
    ],
    [
      'its sandbox is stopped but listed',
      (n, { sandbox }) => void n.sandboxes.push({ ...sandbox, state: 'notready' }),
    ],
    ['a record has its sandbox', (n, { record }) => void n.store.records.push(record)],
    [
      'a CNI plugin works for it',
      (n, { sandbox }) =>
        void n.processes.push({
          ...bareProcess(5000, 'bridge'),
          cni: { command: 'DEL', containerId: sandbox.id, netns: '' },
        }),
    ],
    [
      'an operator named the namespace',
      (n, { pinPath }) =>
        void Object.assign(n.pins.pins.find((p) => p.path === pinPath) ?? {}, { scheme: 'foreign' }),
    ],
    [
      'podman named the namespace',
      (n, { pinPath }) =>
        void Object.assign(n.pins.pins.find((p) => p.path === pinPath) ?? {}, { scheme: 'podman' }),
    ],
    [
      'its namespace has no pin: it may be somebody else',
      (n, { pinPath }) => {
        n.pins.pins = n.pins.pins.filter((p) => p.path !== pinPath);
      },
    ],
    [
      'it is young',
      (n) => {
        for (const one of n.pins.attachments) one.mtime = NOW - 5000;
      },
    ],
    [
      'its age cannot be told',
      (n) => {
        n.pins.attachments = [];
        n.pins.folders = [{ path: '/run/netns', mtime: NOW - 5000 }];
      },
    ],
  ];
  it.each(innocent)('does not report a link when %s', async (_, alter) => {
    const { node, gone } = dangling();
    alter(node, gone);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it("is unknown while an owner may be out of sight, or the node's links are", async () => {
    const silent = unread('timeout', 'no answer within 10 s');
    for (const fact of ['store', 'sandboxes'] as const) {
      expect(await judge(check, dangling().node, { [fact]: silent })).toMatchObject({
        verdict: 'unknown',
        findings: [],
      });
    }
    const { node } = dangling();
    node.networks.host.seen = null;
    expect(await judge(check, node)).toMatchObject({
      verdict: 'unknown',
      reason: "the node's own links cannot be seen",
    });
  });
});
