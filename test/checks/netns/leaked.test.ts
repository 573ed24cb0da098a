import { describe, expect, it } from 'vitest';
import check from '../../../checks/netns/leaked.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, id, judge, kill, NOW, ns, unread } from '../../support/node.ts';

const PATH = '/run/netns/cni-11111111-2222-4333-8444-555555555555';

function leakyNode(): Facts {
  const node = healthyNode();
  node.pins.pins.push({
    path: PATH,
    type: 'net',
    ns: ns(777),
    mounts: 1,
    confirmed: true,
    scheme: 'containerd',
  });
  return node;
}

function attach(node: Facts, containerId: string, ageMs: number): void {
  node.pins.attachments.push({
    path: `/var/lib/cni/results/podnet-${containerId}-eth0`,
    containerId,
    network: 'podnet',
    netns: PATH.replace('/run', '/var/run'),
    mtime: NOW - ageMs,
  });
}

describe('netns/leaked', () => {
  it('passes a node where every pin has its sandbox', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names a pin that no process, sandbox or record uses, and the address it holds', async () => {
    const node = leakyNode();
    attach(node, id('dead'), 3_600_000);
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'leaked',
        severity: 'warning',
        message: `${PATH} is pinned, but no process, sandbox or record uses it; it holds an address of podnet`,
        subject: { kind: 'netns', id: PATH },
        evidence: [{ at: PATH, value: 'net:[4026530777]; no process, no sandbox' }, {}],
      },
    ]);
  });

  it('takes the age of the folder for a pin without attachment, and only hints while that is young', async () => {
    const node = leakyNode();
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'leaked', severity: 'warning' }]);
    node.pins.folders = [{ path: '/run/netns', mtime: NOW - 1000 }];
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'undated', severity: 'info' }]);
    expect((await judge(check, node, {}, { minAgeMs: 0 })).findings).toMatchObject([{ messageId: 'leaked' }]);
  });

  const innocent: [string, (node: Facts) => void][] = [
    [
      'a process is in it',
      (n) =>
        n.processes.push({
          ...must(n.processes[0]),
          pid: 5000,
          ns: { ...must(n.processes[0]).ns, net: ns(777) },
        }),
    ],
    [
      'a record names its path',
      (n) => {
        must(n.store.records[0]).netnsPath = PATH.replace('/run', '/var/run');
      },
    ],
    ['a listed sandbox has an attachment in it', (n) => attach(n, must(n.sandboxes[0]).id, 3_600_000)],
    [
      'the sandbox store of containerd 2.x knows its owner',
      (n) => {
        attach(n, id('feed'), 3_600_000);
        n.store.sandboxes?.push(id('feed'));
      },
    ],
    ['its attachment is young', (n) => attach(n, id('new'), 5000)],
    ['its attachment lies in the future', (n) => attach(n, id('new'), -3_600_000)],
    [
      'a CNI plugin runs for its path',
      (n) => {
        must(n.processes[1]).cni = { command: 'ADD', containerId: id('new'), netns: PATH };
      },
    ],
    [
      'a CNI plugin runs for its attachment',
      (n) => {
        attach(n, id('new'), 3_600_000);
        must(n.processes[1]).cni = { command: 'DEL', containerId: id('new'), netns: '' };
      },
    ],
    [
      'it went away while we looked',
      (n) => {
        must(n.pins.pins.at(-1)).confirmed = false;
      },
    ],
    [
      "it is the host's own namespace",
      (n) => {
        must(n.pins.pins.at(-1)).ns = n.host.self.net;
      },
    ],
    [
      'an operator made it',
      (n) => {
        must(n.pins.pins.at(-1)).scheme = 'foreign';
      },
    ],
    [
      'podman made it',
      (n) => {
        must(n.pins.pins.at(-1)).scheme = 'podman';
      },
    ],
    [
      'nothing is mounted on it',
      (n) => {
        must(n.pins.pins.at(-1)).ns = null;
      },
    ],
  ];
  it.each(innocent)('does not report a pin when %s', async (_, alter) => {
    const node = leakyNode();
    alter(node);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('where another containerd has pods, judges no pin that is attached to a network of its own', async () => {
    const node = leakyNode();
    attach(node, id('dead'), 3_600_000);
    const attachment = must(node.pins.attachments.at(-1));
    attachment.network = 'flannel';
    expect(await judge(check, node)).toMatchObject({ verdict: 'found' });
    const shim = { namespace: 'k8s.io', id: id('f00d'), address: '/run/k3s/containerd.sock' };
    node.processes.push({ ...must(node.processes[0]), pid: 5000, shim });
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    attachment.network = 'podnet';
    expect(await judge(check, node)).toMatchObject({ verdict: 'found' });
    node.pins.attachments = [attachment];
    expect(await judge(check, node)).toMatchObject({ verdict: 'found' });
    node.cniConf.files = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('reports the pin of a pod whose records are gone, not that of a stopped pod which is still listed', async () => {
    const node = emptyNode();
    const gone = addPod(node, 1, 'gone');
    const stopped = addPod(node, 2, 'stopped', { state: 'notready' });
    for (const { pause, shim, containers } of [gone, stopped])
      kill(node, pause, shim, ...containers.map((c) => c.init));
    node.sandboxes = [stopped.sandbox];
    node.store = { records: [stopped.record], sandboxes: [stopped.sandbox.id] };
    node.bundles = [];
    expect((await judge(check, node)).findings.map((f) => f.subject.id)).toEqual([gone.pinPath]);
  });

  it('calls nothing leaked while the runtime or its store does not answer', async () => {
    const silent = unread('timeout', 'no answer within 10 s');
    expect(await judge(check, leakyNode(), { sandboxes: silent })).toMatchObject({
      verdict: 'unknown',
      findings: [],
    });
    expect(await judge(check, leakyNode(), { store: silent })).toMatchObject({
      verdict: 'unknown',
      reason: "containerd's own store cannot be read: an owner may be missing from sight",
      findings: [],
    });
  });

  it("judges CRI-O's pins by its bundles, and never its pins of the host network", async () => {
    const node = emptyNode();
    node.runtime.name = 'cri-o';
    const path = '/run/netns/100f6dfd-4f2a-4a0f-bd6b-017cbc80a031';
    node.pins.pins = [
      { path, type: 'net', ns: ns(777), mounts: 1, confirmed: true, scheme: 'crio' },
      {
        path: `${path.slice(0, -1)}2`,
        type: 'net',
        ns: node.host.self.net,
        mounts: 1,
        confirmed: true,
        scheme: 'crio',
      },
    ];
    expect((await judge(check, node)).findings.map((f) => f.subject.id)).toEqual([path]);
    node.bundles = [
      {
        id: id('b'),
        namespace: '',
        dir: '',
        role: 'sandbox',
        sandboxId: id('b'),
        meta: null,
        containerName: null,
        initPid: null,
        namespaces: { net: `/var${path}` },
      },
    ];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the fixture lacks it');
  return value;
}
