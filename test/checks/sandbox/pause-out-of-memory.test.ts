import { expect, it } from 'vitest';
import check from '../../../checks/sandbox/pause-out-of-memory.ts';
import { addPod, emptyNode, healthyNode, id, judge, unread } from '../../support/node.ts';

const KILL = { pid: 412, comm: 'pause', limitOf: '/kubepods/poduid-1', at: 13_454_443 };

it('passes a healthy node, and one whose containers were killed', async () => {
  expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  const node = emptyNode();
  addPod(node, 1, 'web', { state: 'notready' });
  node.memoryKills.push({ ...KILL, containerId: id('c10') });
  expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
});

it.each([
  ['podLimit', KILL.limitOf, 'the pod had used up its memory limit', ', limit of /kubepods/poduid-1'],
  ['nodeMemory', '', 'the node had no memory left', ''],
])('names a sandbox whose pause was chosen: %s', async (messageId, limitOf, why, limit) => {
  const node = emptyNode();
  const { sandbox } = addPod(node, 1, 'web', { state: 'notready' });
  node.memoryKills.push({ ...KILL, containerId: sandbox.id, limitOf });
  expect((await judge(check, node)).findings).toMatchObject([
    {
      messageId,
      severity: 'warning',
      message: `default/web lost its pause: ${why}, and the kernel chose pause (412)`,
      evidence: [{ at: 'kernel log, 13454 s after boot', value: `Killed process 412 (pause)${limit}` }],
    },
  ]);
  // Had the kill hit an exec'd process, the pause would live.
  sandbox.state = 'ready';
  expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
});

it('is not judged where the log cannot be read', async () => {
  const instead = { memoryKills: unread('denied', 'cannot read /dev/kmsg: not permitted') };
  expect(await judge(check, healthyNode(), instead)).toMatchObject({ verdict: 'unknown' });
});
