import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/leaked-shim.ts';
import type { Facts, Process } from '../../../src/model/facts.ts';
import { bareProcess, healthyNode, id, judge, SOCKET, unread, YOUNG_TICKS } from '../../support/node.ts';

const DEAD = id('dead');

/** A node with a shim that serves nobody. */
function leaky(change: Partial<Process> = {}): Facts {
  const node = healthyNode();
  node.processes.push({
    ...bareProcess(5000, 'containerd-shim'),
    shim: { namespace: 'k8s.io', id: DEAD, address: SOCKET },
    ...change,
  });
  return node;
}

describe('sandbox/leaked-shim', () => {
  it('passes a node where every shim has its sandbox', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names the shim and how it can be ended', async () => {
    expect((await judge(check, leaky())).findings).toMatchObject([
      {
        messageId: 'leaked',
        severity: 'warning',
        message:
          'shim 5000 of dead000000000 serves nobody: no child, no bundle, and nothing lists its sandbox',
        subject: { kind: 'shim', id: DEAD, name: `shim of ${DEAD.slice(0, 13)}` },
        data: { pid: 5000, startTicks: 77_760_000, id: DEAD },
        evidence: [{ at: '/proc/5000', value: 'state S, no child, for 1440 min' }, {}],
        remedies: [{ risk: 'safe', commands: ['podctl gc shims'] }, { commands: ['kill -9 5000'] }],
      },
    ]);
  });

  it('finds one that is stopped, and one with nothing but dead children', async () => {
    expect((await judge(check, leaky({ state: 'T' }))).findings).toHaveLength(1);
    const node = leaky();
    node.processes.push({ ...bareProcess(5001, 'pause'), ppid: 5000, state: 'Z' });
    expect((await judge(check, node)).findings).toHaveLength(1);
  });

  const innocent: [string, (node: Facts) => void][] = [
    ['it has a child', (n) => void n.processes.push({ ...bareProcess(5001, 'pause'), ppid: 5000 })],
    ['it is young', (n) => void Object.assign(shimOf(n), { startTicks: YOUNG_TICKS })],
    ['it is dead itself', (n) => void Object.assign(shimOf(n), { state: 'Z' })],
    [
      'it serves another containerd',
      (n) => void Object.assign(shimOf(n).shim ?? {}, { address: '/run/docker/containerd/containerd.sock' }),
    ],
    [
      'it serves another containerd namespace',
      (n) => void Object.assign(shimOf(n).shim ?? {}, { namespace: 'moby' }),
    ],
    [
      'its sandbox is listed',
      (n) => void n.sandboxes.push({ ...must(n.sandboxes[0]), id: DEAD, state: 'notready' }),
    ],
    [
      'a container is listed for it',
      (n) => void n.containers.push({ ...must(n.containers[0]), sandboxId: DEAD }),
    ],
    ['it has a bundle', (n) => void n.bundles.push({ ...must(n.bundles[0]), id: DEAD })],
    [
      'a container of it has a bundle',
      (n) => void n.bundles.push({ ...must(n.bundles[0]), sandboxId: DEAD }),
    ],
    ['a record has its id', (n) => void n.store.records.push({ ...must(n.store.records[0]), id: DEAD })],
    ['the sandbox store of containerd 2.x has its id', (n) => void n.store.sandboxes?.push(DEAD)],
    [
      'a record of a container belongs to it',
      (n) => void n.storeContainers.push({ ...must(n.store.records[0]), kind: 'container', sandboxId: DEAD }),
    ],
    [
      'a process is in its cgroup',
      (n) => void n.processes.push({ ...bareProcess(5001, 'x'), containerId: DEAD }),
    ],
    [
      'a CNI plugin works for it',
      (n) =>
        void n.processes.push({
          ...bareProcess(5001, 'bridge'),
          cni: { command: 'DEL', containerId: DEAD, netns: '' },
        }),
    ],
  ];
  it.each(innocent)('does not report a shim when %s', async (_, alter) => {
    const node = leaky();
    alter(node);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it.each(['store', 'storeContainers', 'bundles', 'sandboxes', 'containers'] as const)(
    'calls none leaked while %s cannot be read',
    async (fact) => {
      const silent = unread('timeout', 'no answer within 10 s');
      expect(await judge(check, leaky(), { [fact]: silent })).toMatchObject({
        verdict: 'unknown',
        findings: [],
      });
    },
  );

  it('is skipped where another runtime answers', async () => {
    const node = leaky();
    node.runtime.name = 'cri-o';
    expect(await judge(check, node)).toMatchObject({
      verdict: 'skipped',
      reason: "cri-o has no shims of containerd's",
    });
  });
});

function shimOf(node: Facts): Process {
  return must(node.processes.find((p) => p.shim?.id === DEAD));
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the fixture lacks it');
  return value;
}
