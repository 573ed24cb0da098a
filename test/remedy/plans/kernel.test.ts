import { describe, expect, it } from 'vitest';
import { addPod, bareProcess, emptyNode, healthyNode, NOW, ns, SOCKET, unread } from '../../support/node.ts';
import { guardsOf, kindsOf, planFor, refusalFor } from '../../support/remedy.ts';

const UID = '11111111-2222-4333-8444-555555555555';
const PATH = `/kubepods/besteffort/pod${UID}`;

function stackedPod() {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  node.pins.pins = node.pins.pins.map((pin) => ({ ...pin, mounts: 3, stacked: 2 }));
  return { node, pod };
}

describe('netns/pin-stacked', () => {
  it("takes the upper mounts away where the runtime sees them, and leaves the sandbox's own", async () => {
    const { node, pod } = stackedPod();
    const seer = node.processes.find(({ pid }) => pid === node.pins.seenBy.pid);
    const plan = await planFor('netns/pin-stacked', node);
    expect(plan.risk).toBe('disruptive');
    const among = { pid: seer?.pid, startTicks: seer?.startTicks };
    const stack = { path: pod.pinPath, ns: pod.pause.ns.net, layers: 2, among };
    expect(plan.steps).toMatchObject([
      { action: { kind: 'unstack', ...stack }, guards: [{ kind: 'pin-stacked', ...stack }] },
    ]);
  });

  it('leaves a stack alone that shows another namespace than the pause is in', async () => {
    const { node, pod } = stackedPod();
    pod.pause.ns = { ...pod.pause.ns, net: ns(4711) };
    expect((await refusalFor('netns/pin-stacked', node)).reason).toContain('is not the namespace');
  });

  it('needs the process that has the mounts', async () => {
    const { node } = stackedPod();
    node.processes = node.processes.filter(({ pid }) => pid !== node.pins.seenBy.pid);
    node.daemons = [];
    expect((await refusalFor('netns/pin-stacked', node)).reason).toContain('is gone');
  });

  it('names the runtime that is asked where another one was looked through that sees the same', async () => {
    const { node } = stackedPod();
    const [own] = node.daemons;
    if (!own) throw new Error('no daemon');
    node.daemons.push({ ...own, pid: 77, startTicks: 7, flags: { address: '/other.sock' } });
    node.processes.push({ ...bareProcess(77, 'containerd'), startTicks: 7 });
    node.pins.seenBy = { pid: 77, what: 'runtime' };
    own.flags = { address: SOCKET };
    const among = { pid: own.pid, startTicks: own.startTicks };
    expect((await planFor('netns/pin-stacked', node)).steps[0]?.action).toMatchObject({ among });
    own.mnt = ns(4712);
    expect((await planFor('netns/pin-stacked', node)).steps[0]?.action).toMatchObject({ among: { pid: 77 } });
  });
});

function occupied() {
  const node = healthyNode();
  const left = { ...bareProcess(900, 'sleep'), cgroup: PATH, podUid: UID };
  const hierarchies = ['/sys/fs/cgroup'];
  node.processes.push(left);
  node.cgroups.push({
    path: PATH,
    uid: UID,
    mtime: NOW - 3_600_000,
    hierarchies,
    populated: true,
    containers: [],
    confirmed: true,
  });
  return { node, left };
}

describe('cgroup/occupied', () => {
  it('kills what is still in it by identity, then removes the cgroup', async () => {
    const { node, left } = occupied();
    const plan = await planFor('cgroup/occupied', node);
    expect(plan.risk).toBe('destructive');
    expect(kindsOf(plan)).toEqual(['signal', 'remove-cgroup']);
    expect(guardsOf(plan)).toEqual([
      ['pod-unknown', 'process-in'],
      ['pod-unknown', 'cgroup-empty'],
    ]);
    const process = { pid: 900, startTicks: left.startTicks };
    expect(plan.steps[0]).toMatchObject({
      action: { process, signal: 9 },
      guards: [
        { endpoint: SOCKET, uid: UID },
        { process, cgroup: PATH },
      ],
    });
  });

  it('refuses where kubelet cannot be asked, unless there is none', async () => {
    const { node } = occupied();
    const instead = { podOwners: unread('denied', 'no') };
    expect(await refusalFor('cgroup/occupied', node, { instead })).toMatchObject({ name: 'not-possible' });
    const { node: silent } = occupied();
    const plan = await planFor('cgroup/occupied', silent);
    expect(plan.steps).toHaveLength(2);
  });
});
