import { expect, it } from 'vitest';
import check from '../../../checks/runtime/abstract-socket.ts';
import { bareProcess, healthyNode, judge, unread } from '../../support/node.ts';

const NAME = `@/containerd-shim/${'5f'.repeat(32)}.sock`;

it('passes a node whose shims listen on files', async () => {
  expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
});

it('names the sockets once, each with its shim where it is known', async () => {
  const node = healthyNode();
  node.processes.push(bareProcess(77, 'containerd-shim'));
  node.abstractSockets.push({ name: NAME, pid: 77 }, { name: NAME, pid: null });
  expect((await judge(check, node)).findings).toMatchObject([
    {
      messageId: 'reachable',
      severity: 'warning',
      message:
        '2 shims can be commanded from every hostNetwork pod that runs as root: their sockets have an abstract name',
      evidence: [
        { at: '/proc/1/net/unix', value: `${NAME}, process 77 (containerd-shim)` },
        { at: '/proc/1/net/unix', value: NAME },
      ],
      remedies: [],
    },
  ]);
});

it('is not judged where the sockets cannot be seen', async () => {
  const instead = { abstractSockets: unread('denied', 'cannot read /proc/1/net/unix') };
  expect(await judge(check, healthyNode(), instead)).toMatchObject({ verdict: 'unknown' });
});
