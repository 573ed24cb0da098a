import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/record-damaged.ts';
import { addPod, emptyNode, healthyNode, judge, kill, NOW, type Pod } from '../../support/node.ts';

const LOST_TIME = -6_795_364_578_871;

function spoilt(change: (pod: Pod) => void = () => {}) {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  Object.assign(pod.record, { name: null, netnsPath: null, modes: null });
  change(pod);
  return { node, pod };
}

describe('sandbox/record-damaged', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('warns before the restart after which nothing lists it', async () => {
    const { node, pod } = spoilt();
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'willVanish',
        severity: 'warning',
        data: { sandbox: pod.sandbox.id },
        remedies: [{ commands: [`crictl stopp ${pod.sandbox.id}`, `crictl rmp ${pod.sandbox.id}`] }],
      },
    ]);
  });

  it('tells one that containerd 1.x skipped, and never advises crictl rm', async () => {
    const { node, pod } = spoilt();
    node.sandboxes = [];
    const [finding] = (await judge(check, node)).findings;
    expect(finding).toMatchObject({ messageId: 'vanished', severity: 'error' });
    expect(finding?.message).toContain('its name is free for a second pod while this one runs on');
    expect(finding?.remedies[0]?.commands).toEqual([
      `ctr -n k8s.io tasks kill -s 9 ${pod.sandbox.id}`,
      `ctr -n k8s.io tasks rm ${pod.sandbox.id}`,
      `ctr -n k8s.io containers rm ${pod.sandbox.id}`,
    ]);
  });

  it('tells one that containerd 2.x takes for dead', async () => {
    const { node } = spoilt(({ sandbox }) =>
      Object.assign(sandbox, { state: 'notready', createdAt: LOST_TIME }),
    );
    expect((await judge(check, node)).findings).toMatchObject([
      { messageId: 'believedDead', severity: 'error' },
    ]);
  });

  it('is a warning for one that is dead', async () => {
    const { node, pod } = spoilt();
    node.sandboxes = [];
    kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
    const [finding] = (await judge(check, node)).findings;
    expect(finding).toMatchObject({ messageId: 'vanished', severity: 'warning' });
    expect(finding?.message).toContain('is dead, but holds what it had');
  });

  it('tells half a record, listed with a time in 1754', async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web', { state: 'notready' });
    pod.sandbox.createdAt = LOST_TIME;
    kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
    node.store.records = [];
    node.store.halves = [
      { id: pod.sandbox.id, name: 'web', netnsPath: '/var/run/netns/cni-1', createdAt: NOW - 600_000 },
    ];
    const [finding] = (await judge(check, node)).findings;
    expect(finding).toMatchObject({ messageId: 'half', severity: 'warning' });
    expect(finding?.message).toBe(
      'of the record of default/web only a half is left: containerd lists it as not ready, with a time in 1754, and holds its name and /var/run/netns/cni-1',
    );
  });

  it('does not report a sandbox that is being made, of which only half a record is there yet', async () => {
    const node = emptyNode();
    node.store.halves = [{ id: 'b1', name: 'new_default_u_0', netnsPath: null, createdAt: NOW - 600_000 }];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('does not report sandboxes that the sandbox store lacks, as an older containerd made them', async () => {
    const node = healthyNode();
    node.store.sandboxes = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('does not report a time before 1970 by itself', async () => {
    const node = healthyNode();
    for (const sandbox of node.sandboxes) sandbox.createdAt = -1000;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
