import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/missing-rule.ts';
import type { CniRules, Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, judge, NOW, type Pod, unread } from '../../support/node.ts';
import { publish } from './rules.ts';

function published(): { node: Facts; pod: Pod; rules: [CniRules, CniRules] } {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  return { node, pod, rules: publish(node, pod) };
}

describe('cni/missing-rule', () => {
  it('passes pods that ask for nothing, and those whose rules are there', async () => {
    expect((await judge(check, healthyNode())).verdict).toBe('pass');
    expect((await judge(check, published().node)).verdict).toBe('pass');
  });

  it('names what a cleared firewall took from a pod', async () => {
    const { node, pod } = published();
    node.firewall.rules = [];
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'ports',
        severity: 'error',
        message:
          'default/web has no rule for port 8080/tcp of the node: connections to it are not led into the pod',
        subject: { kind: 'sandbox', id: pod.sandbox.id },
        evidence: [
          { at: pod.network.cached.path, value: 'asked for port 8080/tcp' },
          { value: 'no rule of it' },
        ],
        remedies: [{ risk: 'disruptive', commands: [`crictl stopp ${pod.sandbox.id}`] }],
      },
      {
        messageId: 'masquerade',
        message: 'default/web has no rule that masquerades 10.88.0.2: it does not reach beyond the node',
      },
    ]);
  });

  it('sees a chain into which nothing leads', async () => {
    const { node, rules } = published();
    rules[0].reached = false;
    expect((await judge(check, node)).findings).toMatchObject([
      { messageId: 'unreached', severity: 'error' },
    ]);
  });

  it('knows a rule by the address where the comment was cut off', async () => {
    const { node, rules } = published();
    Object.assign(rules[1], { backend: 'nftables', containerId: '', network: 'podnet' });
    expect((await judge(check, node)).verdict).toBe('pass');
  });

  const innocent: [string, (node: Facts, pod: Pod) => void][] = [
    ['it is stopped', (_, { sandbox }) => void Object.assign(sandbox, { state: 'notready' })],
    ['it is not listed', (n) => void n.sandboxes.pop()],
    [
      'it was made a moment ago',
      (_, { network }) => void Object.assign(network.cached, { mtime: NOW - 1000 }),
    ],
    [
      'its entry changed while we looked',
      (_, { network }) => void Object.assign(network.cached, { confirmed: false }),
    ],
    ['an older podctl recorded it', (_, { network }) => void delete network.cached.rules],
    [
      'it asks for nothing',
      (_, { network }) => void Object.assign(network.cached, { rules: { ports: [], masquerade: false } }),
    ],
    [
      'its port is at an address of a family that it has none of',
      (_, { network }) => {
        const ports = [{ protocol: 'tcp', hostIp: 'fd00::1', hostPort: 8080, containerPort: 80 }];
        network.cached.rules = { ports, masquerade: false };
      },
    ],
    [
      'no program shows the rules of its family',
      (n) =>
        void Object.assign(n.firewall, {
          read: [{ backend: 'nftables', family: 'ip', program: '/usr/sbin/nft' }],
        }),
    ],
  ];
  it.each(innocent)('leaves a pod alone when %s', async (_, change) => {
    const { node, pod } = published();
    node.firewall.rules = [];
    change(node, pod);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('is unknown where the rules were not all read', async () => {
    expect((await judge(check, published().node, { firewall: unread('timeout', 'no answer') })).verdict).toBe(
      'unknown',
    );
  });
});
