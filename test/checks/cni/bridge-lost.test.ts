import { expect, it } from 'vitest';
import check from '../../../checks/cni/bridge-lost.ts';
import { addPod, healthyNode, judge } from '../../support/node.ts';
import { attached } from './attached.ts';

it('passes a healthy node, and one whose bridge has no pods', async () => {
  expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  const { node, pod, bridge } = attached();
  bridge.up = false;
  pod.sandbox.state = 'notready';
  expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
});

it('tells of a bridge that is down once, with the pods that are in it', async () => {
  const { node, bridge } = attached();
  addPod(node, 2, 'db');
  bridge.up = false;
  expect((await judge(check, node)).findings).toMatchObject([
    {
      messageId: 'down',
      severity: 'error',
      message: '2 pods can neither be reached nor reach others: bridge cni0 is down',
      subject: { kind: 'link', id: 'cni0' },
      data: { network: 'podnet' },
      evidence: [
        { at: 'ip link show dev cni0', value: 'down' },
        { value: 'veth1 in cni0' },
        { value: 'veth2 in cni0' },
      ],
      remedies: [{ risk: 'safe', commands: ['ip link set dev cni0 up'] }],
    },
  ]);
});

it('tells of one that is gone, and how it comes back', async () => {
  const { node, host, bridge, end, pod } = attached();
  host.links.splice(host.links.indexOf(bridge), 1);
  end.master = 0;
  expect((await judge(check, node)).findings).toMatchObject([
    {
      messageId: 'gone',
      message: 'default/web can neither be reached nor reach others: bridge cni0 is gone',
      remedies: [
        {
          risk: 'disruptive',
          commands: [`crictl stopp ${pod.sandbox.id}`, 'podctl doctor cni/attachment-lost --fix'],
        },
      ],
    },
  ]);
});
