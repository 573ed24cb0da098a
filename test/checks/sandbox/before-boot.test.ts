import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/before-boot.ts';
import { addPod, DAY, emptyNode, healthyNode, judge, kill, NOW } from '../../support/node.ts';

describe('sandbox/before-boot', () => {
  it('passes a node whose sandboxes are younger than its boot', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('says as information which sandboxes a reboot ended', async () => {
    const node = emptyNode();
    const pods = [1, 2].map((n) => addPod(node, n, `web-${n}`, { state: 'notready' }));
    for (const pod of pods) kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
    addPod(node, 3, 'new');
    for (const { sandbox } of pods) sandbox.createdAt = NOW - 20 * DAY;
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'rebooted',
        severity: 'info',
        subject: { kind: 'node', id: 'worker-1' },
        message: expect.stringMatching(/^2 sandboxes are from before the boot \(2026-11-13T12:00:00Z\)/),
        evidence: [{ at: '/proc/stat btime' }, {}, {}],
      },
    ]);
  });

  it.each([
    ['that have a process: the clock was wrong', NOW - 20 * DAY, false],
    ['whose time is lost', -6_795_364_578_871, true],
    ['of the minute of the boot', NOW - 10 * DAY - 30_000, true],
  ])('does not name sandboxes %s', async (_, createdAt, dead) => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'a', { state: 'notready' });
    if (dead) kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
    pod.sandbox.createdAt = createdAt;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
