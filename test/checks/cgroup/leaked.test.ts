import { describe, expect, it } from 'vitest';
import check from '../../../checks/cgroup/leaked.ts';
import type { Facts, PodCgroup } from '../../../src/model/facts.ts';
import { bareProcess, healthyNode, id, judge, NOW, unread } from '../../support/node.ts';

const UID = '11111111-2222-4333-8444-555555555555';
const PATH = `/kubepods/besteffort/pod${UID}`;

/** A node with the empty cgroup of a pod that is gone. */
function leaky(): Facts {
  const node = healthyNode();
  node.cgroups.push({
    path: PATH,
    uid: UID,
    mtime: NOW - 3_600_000,
    hierarchies: ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/pids'],
    populated: false,
    containers: [id('c9')],
    confirmed: true,
  });
  return node;
}

describe('cgroup/leaked', () => {
  it('passes a node where every cgroup has its pod', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names the cgroup that kubelet should have removed', async () => {
    expect((await judge(check, leaky())).findings).toMatchObject([
      {
        messageId: 'leaked',
        severity: 'warning',
        message: `cgroup ${PATH} is left of a pod that kubelet does not know`,
        subject: { kind: 'cgroup', id: PATH },
        data: { path: PATH, uid: UID, hierarchies: 2 },
        evidence: [
          { at: `/sys/fs/cgroup/cpu${PATH}`, value: 'no process, nor in 1 more hierarchies' },
          { at: '/var/lib/kubelet/pods', value: `3 pods, none of uid ${UID}` },
        ],
        remedies: [
          { risk: 'safe', commands: ['podctl gc cgroups'] },
          { commands: [`find /sys/fs/cgroup/cpu${PATH} /sys/fs/cgroup/pids${PATH} -depth -type d -delete`] },
        ],
      },
    ]);
  });

  it('only informs where no kubelet runs that could', async () => {
    const node = leaky();
    Object.assign(node.podOwners, { kubelet: 'none', folders: null, pods: null });
    Object.assign(node.cgroups.at(-1) ?? {}, { hierarchies: ['/sys/fs/cgroup'] });
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'uncollected',
        severity: 'info',
        message: `cgroup ${PATH} is left of a pod; no kubelet runs here that would remove it`,
        evidence: [{ value: 'no process' }, { value: 'no such folder' }],
      },
    ]);
    for (const one of node.processes) one.cgroup = one.cgroup.replace('/kubepods', '/k3s/kubepods');
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  const innocent: [string, (node: Facts, cgroup: PodCgroup) => void][] = [
    ['a process is in it', (_, cgroup) => void Object.assign(cgroup, { populated: true })],
    ['it is young', (_, cgroup) => void Object.assign(cgroup, { mtime: NOW - 1000 })],
    ['its time lies in the future', (_, cgroup) => void Object.assign(cgroup, { mtime: NOW + 3_600_000 })],
    [
      'it went away or was used while we looked',
      (_, cgroup) => void Object.assign(cgroup, { confirmed: false }),
    ],
    [
      'a stopped sandbox of its pod is listed',
      (n) => void Object.assign(n.sandboxes[0] ?? {}, { uid: UID, state: 'notready' }),
    ],
    [
      'a record names its pod',
      (n) => void Object.assign(n.store.records[0] ?? {}, { name: `web_default_${UID}_0` }),
    ],
    ['a bundle names its pod', (n) => void Object.assign(n.bundles[0]?.meta ?? {}, { uid: UID })],
    [
      'a process belongs to its pod',
      (n) => void n.processes.push({ ...bareProcess(5000, 'app'), podUid: UID }),
    ],
    ['kubelet has its folder', (n) => void n.podOwners.folders?.push({ path: '/x', uid: UID, mtime: 0 })],
    ['kubelet lists its pod', (n) => void Object.assign(n.podOwners.pods?.[0] ?? {}, { uid: UID })],
    [
      'it is that of a static pod',
      (n) => void Object.assign(n.podOwners.pods?.[0] ?? {}, { staticUid: UID }),
    ],
    ['a container below it is known', (n, cgroup) => void cgroup.containers.push(n.bundles[0]?.id ?? '')],
  ];
  it.each(innocent)('does not report a cgroup when %s', async (_, alter) => {
    const node = leaky();
    const cgroup = node.cgroups.at(-1);
    if (cgroup) alter(node, cgroup);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('is unknown when it cannot be read whether a process is in it', async () => {
    const node = leaky();
    Object.assign(node.cgroups.at(-1) ?? {}, { populated: null });
    expect(await judge(check, node)).toMatchObject({
      verdict: 'unknown',
      reason: `whether a process is in cgroup ${PATH} could not be read`,
    });
  });

  it('is unknown while kubelet or the runtime may know more than can be seen', async () => {
    const node = leaky();
    node.podOwners.folders = null;
    expect(await judge(check, node)).toMatchObject({
      verdict: 'unknown',
      reason: "kubelet's pod folders cannot be seen: a pod may be missing from sight",
    });
    const silent = unread('timeout', 'no answer within 10 s');
    for (const fact of ['store', 'bundles', 'sandboxes', 'podOwners'] as const) {
      expect(await judge(check, leaky(), { [fact]: silent })).toMatchObject({
        verdict: 'unknown',
        findings: [],
      });
    }
    expect(await judge(check, healthyNode(), { store: silent })).toMatchObject({ verdict: 'pass' });
  });
});
