import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/clock-jump.ts';
import type { Facts, Sandbox } from '../../../src/model/facts.ts';
import { addPod, DAY, emptyNode, healthyNode, judge, kill, NOW } from '../../support/node.ts';

/** A pod's dead attempt 0 and living attempt 1, the dead one with another time. */
function jumped(createdAt: number, version: string | null = '1.32.4'): { node: Facts; dead: Sandbox } {
  const node = emptyNode();
  const old = addPod(node, 1, 'web', { uid: 'u1', state: 'notready' });
  kill(node, old.pause, old.shim, ...old.containers.map((c) => c.init));
  addPod(node, 2, 'web', { uid: 'u1', attempt: 1 });
  old.sandbox.createdAt = createdAt;
  node.kubelet.version = version;
  return { node, dead: old.sandbox };
}

describe('sandbox/clock-jump', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it.each([
    ['1.32.4', 'error'],
    ['1.34.9', 'error'],
    ['1.35.0', 'warning'],
    [null, 'warning'],
  ] as const)('names an attempt that says it is the latest: kubelet %s, %s', async (version, severity) => {
    const { node, dead } = jumped(NOW + 300 * DAY, version);
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'order',
        severity,
        message:
          'default/web: attempt 0 says that it was made 301 days after attempt 1: a kubelet before 1.35 takes it for the current one',
        subject: { kind: 'sandbox', id: dead.id },
        remedies: [{ commands: ['timedatectl status', `crictl stopp ${dead.id}`, `crictl rmp ${dead.id}`] }],
      },
    ]);
  });

  it('names the wrong order also where no time lies in the future', async () => {
    const { node } = jumped(NOW - DAY / 2);
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'order' }]);
  });

  it('names a sandbox from the future without a later attempt; one that runs is information', async () => {
    const node = emptyNode();
    const dead = addPod(node, 1, 'a', { state: 'notready' });
    const alive = addPod(node, 2, 'b');
    dead.sandbox.createdAt = NOW + DAY;
    alive.sandbox.createdAt = NOW + DAY;
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'future',
        severity: 'warning',
        message: expect.stringContaining('default/a was made in the future'),
      },
      { messageId: 'future', severity: 'info' },
    ]);
  });

  it('says as information that the clock was set since', async () => {
    const node = emptyNode();
    addPod(node, 1, 'a').sandbox.createdAt = NOW - 300 * DAY;
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'set', severity: 'info' }]);
  });

  it.each([
    ['records without their time', -6_795_364_578_871],
    ['a time of 1970', 0],
    ['the same moment', NOW - DAY + 60_000],
    ['a minute of difference to the clock, without a later attempt', null],
  ])('does not report %s', async (_, createdAt) => {
    if (createdAt !== null)
      return expect(await judge(check, jumped(createdAt).node)).toMatchObject({ findings: [] });
    const node = emptyNode();
    addPod(node, 1, 'a', { young: true }).sandbox.createdAt = NOW + 50_000;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it("does not report podctl's own", async () => {
    const { node, dead } = jumped(NOW + DAY);
    dead.provider = 'podctl';
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
