import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/slow-creation.ts';
import type { Facts, Process, StoreRecord } from '../../../src/model/facts.ts';
import { addPod, bareProcess, emptyNode, healthyNode, id, judge, NOW, unread } from '../../support/node.ts';

const NEW = id('b7');
const MINUTES = 60_000;

/** A sandbox that containerd 2.x makes since some minutes. */
function making(minutes: number): Facts {
  const node = healthyNode();
  node.store.sandboxes?.push(NEW);
  node.store.halves = [
    {
      id: NEW,
      name: 'slow_default_u-7_0',
      netnsPath: '/var/run/netns/cni-7',
      createdAt: NOW - minutes * MINUTES,
    },
  ];
  return node;
}

function pluginOf(node: Facts, seconds: number, command = 'ADD'): Process {
  const plugin = {
    ...bareProcess(700, 'calico'),
    startTicks: (node.host.uptime - seconds) * 100,
    cni: { command, containerId: NEW, netns: '/var/run/netns/cni-7' },
  };
  node.processes.push(plugin);
  return plugin;
}

describe('sandbox/slow-creation', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names the plugin that holds an attempt up, and the id that the name is reserved for', async () => {
    const node = making(6);
    pluginOf(node, 355);
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'network',
        severity: 'warning',
        message: `default/slow is being made for 6 minutes, and its CNI plugin calico has not ended: until then its name stays reserved for ${NEW}`,
        subject: { kind: 'sandbox', id: NEW },
        evidence: [
          { at: '/proc/700', value: 'calico, ADD in /var/run/netns/cni-7' },
          { value: 'recorded, not listed' },
        ],
        remedies: [{ risk: 'safe', commands: ['cat /proc/700/wchan', 'ls -l /proc/700/fd'] }],
      },
    ]);
  });

  it('is information before kubelet gives the attempt up', async () => {
    const node = making(3);
    pluginOf(node, 175);
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'network', severity: 'info' }]);
  });

  it('does not report an attempt of a few seconds', async () => {
    const node = making(0.1);
    pluginOf(node, 5);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('names the plugin, not what it started', async () => {
    const node = making(6);
    const plugin = pluginOf(node, 355);
    node.processes.unshift({ ...plugin, pid: 701, ppid: 700, comm: 'sleep' });
    expect((await judge(check, node)).findings).toMatchObject([{ data: { plugin: 'calico' } }]);
  });

  it('tells an attempt that is taken back', async () => {
    const node = making(6);
    pluginOf(node, 100, 'DEL');
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'undoing' }]);
  });

  it('tells an attempt whose pause does not start, and one that only the runtime works on', async () => {
    const node = making(6);
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'recorded' }]);
    node.processes.push({
      ...bareProcess(702, 'containerd-shim'),
      shim: { namespace: 'k8s.io', id: NEW, address: '/run/containerd/containerd.sock' },
    });
    expect((await judge(check, node)).findings).toMatchObject([
      { messageId: 'starting', remedies: [{ commands: ['cat /proc/702/wchan', 'ls -l /proc/702/fd'] }] },
    ]);
  });

  it("reads containerd 1.x's own records of attempts", async () => {
    const node = making(6);
    const { halves, sandboxes, ...store } = node.store;
    const record: StoreRecord = { ...(store.records[0] as StoreRecord), id: NEW, createdAt: NOW - 300_000 };
    node.store = { records: [...store.records, record], sandboxes: null };
    pluginOf(node, 299);
    expect((await judge(check, node)).findings).toMatchObject([
      { messageId: 'network', severity: 'warning' },
    ]);
  });

  it('tells further attempts that the log says were refused', async () => {
    const node = making(6);
    const event = { kind: 'name-reserved' as const, count: 3, last: NOW };
    node.runtimeLog = [
      {
        pid: 100,
        kind: 'containerd',
        source: '/var/log/containerd.log',
        events: [
          { ...event, fields: { name: 'slow_default_u-7_0', holder: NEW } },
          { ...event, fields: { name: 'x', holder: id('c') } },
        ],
      },
    ];
    const [finding] = (await judge(check, node)).findings;
    expect(finding?.evidence.filter((e) => e.fact === 'runtimeLog')).toEqual([
      { fact: 'runtimeLog', at: '/var/log/containerd.log', value: 'further attempts refused: 3' },
    ]);
  });

  it('does not report records of before the last start, whose attempts have ended', async () => {
    const node = making(60 * 24 * 3);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('tells no age by a clock that was set since boot', async () => {
    const node = making(60);
    for (const sandbox of node.sandboxes) sandbox.createdAt = NOW - 3_600_000;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    pluginOf(node, 250);
    expect((await judge(check, node)).findings).toMatchObject([{ severity: 'warning' }]);
  });

  it("does not report another runtime's plugins", async () => {
    const node = healthyNode();
    pluginOf(node, 600);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('sees what CRI-O makes by its plugins alone', async () => {
    const node = healthyNode();
    const plugin = pluginOf(node, 600);
    node.daemons = [{ ...node.daemons[0], kind: 'crio', pid: 50 } as Facts['daemons'][number]];
    const noStore = { store: { status: 'absent' as const, reason: 'cri-o', ms: 0 } };
    expect(await judge(check, node, noStore)).toMatchObject({ verdict: 'pass' });
    plugin.ppid = 50;
    expect((await judge(check, node, noStore)).findings).toMatchObject([{ messageId: 'network' }]);
  });

  it('does not report a pod that runs without being listed, which has a check of its own', async () => {
    const node = emptyNode();
    addPod(node, 1, 'web', { young: true });
    node.sandboxes = [];
    expect(await judge(check, node, {}, { minAgeMs: 0 })).toMatchObject({ verdict: 'pass' });
  });

  it('judges nothing without the list', async () => {
    const verdict = await judge(check, making(6), { sandboxes: unread('timeout', 'no answer') });
    expect(verdict).toMatchObject({ verdict: 'unknown', findings: [] });
  });
});
