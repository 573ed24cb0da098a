import { describe, expect, it } from 'vitest';
import check from '../../../checks/cgroup/occupied.ts';
import type { Facts, Process } from '../../../src/model/facts.ts';
import { addPod, bareProcess, healthyNode, id, judge, NOW, unread, YOUNG_TICKS } from '../../support/node.ts';

const UID = '11111111-2222-4333-8444-555555555555';
const PATH = `/kubepods/besteffort/pod${UID}`;

/** A process in the cgroup of a pod that is gone. */
function occupied(change: Partial<Process> = {}): { node: Facts; left: Process } {
  const node = healthyNode();
  const cgroup = `${PATH}/${id('c9')}`;
  const left = {
    ...bareProcess(900, 'runc:[2:INIT]'),
    cgroup,
    podUid: UID,
    containerId: id('c9'),
    ...change,
  };
  node.processes.push(left);
  node.cgroups.push({
    path: PATH,
    uid: UID,
    mtime: NOW - 3_600_000,
    hierarchies: ['/sys/fs/cgroup'],
    populated: true,
    containers: [id('c9')],
    confirmed: true,
  });
  return { node, left };
}

describe('cgroup/occupied', () => {
  it('passes a node whose pods are all known', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names the cgroup and what is in it', async () => {
    const { node } = occupied();
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'occupied',
        severity: 'warning',
        message: `cgroup ${PATH} is left of a pod that nobody knows, and runc:[2:INIT] (900) is still in it`,
        subject: { kind: 'cgroup', id: PATH },
        evidence: [
          { at: '/proc/900', value: `runc:[2:INIT], state S, in ${PATH}/${id('c9')}` },
          { at: `/sys/fs/cgroup${PATH}` },
        ],
        remedies: [{ risk: 'destructive', commands: ['kill -9 900', 'podctl gc cgroups'] }],
      },
    ]);
  });

  it('offers no signal for a process that waits for a device', async () => {
    const { node } = occupied({ state: 'D' });
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'stuck', remedies: [] }]);
  });

  it.each([
    ['a sandbox is listed', (node: Facts) => void addPod(node, 9, 'late', { uid: UID })],
    [
      'kubelet has its folder',
      (node: Facts) => void node.podOwners.folders?.push({ path: '/x', uid: UID, mtime: 0 }),
    ],
    [
      'its cgroup is young',
      (node: Facts) => void Object.assign(node.cgroups.at(-1) ?? {}, { mtime: NOW - 1000 }),
    ],
    [
      'its process is young',
      (node: Facts) => void Object.assign(node.processes.at(-1) ?? {}, { startTicks: YOUNG_TICKS }),
    ],
    ['its process is dead', (node: Facts) => void Object.assign(node.processes.at(-1) ?? {}, { state: 'Z' })],
    [
      'it ended meanwhile',
      (node: Facts) => void Object.assign(node.cgroups.at(-1) ?? {}, { confirmed: false }),
    ],
    ['nothing is known of who is in it', (node: Facts) => void node.processes.pop()],
    [
      'no kubelet is, and this runtime has no pod there',
      (node: Facts) => {
        Object.assign(node.podOwners, { kubelet: 'none', folders: null });
        for (const one of node.processes)
          if (one.podUid !== UID) one.cgroup = one.cgroup.replace('/kubepods', '/rig/kubepods');
      },
    ],
  ])('does not report one where %s', async (_, change) => {
    const { node } = occupied();
    change(node);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('leaves what runs below any shim to others: it may be the pod of another runtime', async () => {
    const { node, left } = occupied();
    const shim = {
      ...bareProcess(901, 'containerd-shim'),
      shim: { namespace: 'k8s.io', id: id('a9'), address: '/other.sock' },
    };
    node.processes.push(shim, { ...left, pid: 902, ppid: shim.pid });
    left.ppid = 902;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['store', "containerd's own store cannot be read"],
    ['bundles', "the runtime's folders cannot be read"],
  ] as const)('is unknown without the %s', async (fact, reason) => {
    const judged = await judge(check, occupied().node, { [fact]: unread('denied', 'no') });
    expect(judged).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining(reason) });
  });
});
