import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/stale-rule.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, bareProcess, emptyNode, judge, NOW, type Pod, unread } from '../../support/node.ts';
import { DEAD, reserve } from './leftover.ts';
import { masquerade, portRules, publish } from './rules.ts';

/** A node with a pod that publishes port 8080, and before its rules those of one that is gone. */
function stale(): { node: Facts; pod: Pod; old: ReturnType<typeof portRules> } {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  const old = portRules(DEAD, {
    ports: [{ protocol: 'tcp', hostIp: '', hostPort: 9090, containerPort: 90 }],
  });
  node.firewall.rules.push(old);
  publish(node, pod);
  return { node, pod, old };
}

describe('cni/stale-rule', () => {
  it('passes a node whose rules all have their sandbox', async () => {
    const node = emptyNode();
    publish(node, addPod(node, 1, 'web'));
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', problems: [] });
  });

  it('names the port, where it leads, and how to remove exactly that', async () => {
    const { node, old } = stale();
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'stale',
        severity: 'warning',
        message: `port 9090/tcp of the node leads to 10.88.0.77 of ${DEAD}, which is gone`,
        subject: { kind: 'rule', id: `iptables-nft ip ${old.chain} ${DEAD}`, name: '9090/tcp' },
        evidence: [
          { fact: 'firewall', at: `iptables-nft ${old.chain}`, value: '9090/tcp for dead000000000' },
        ],
        remedies: [
          {
            risk: 'safe',
            commands: [
              `iptables-nft -w -t nat -D CNI-HOSTPORT-DNAT -p tcp -j ${old.chain}`,
              `iptables-nft -w -t nat -F ${old.chain}`,
              `iptables-nft -w -t nat -X ${old.chain}`,
            ],
          },
        ],
      },
    ]);
  });

  it('is an error where it takes the port of another pod, for it is asked first', async () => {
    const { node, old, pod } = stale();
    old.ports = [{ protocol: 'tcp', hostIp: '', hostPort: 8080, containerPort: 80 }];
    const { findings } = await judge(check, node);
    expect(findings).toMatchObject([{ messageId: 'shadows', severity: 'error', data: { port: '8080/tcp' } }]);
    expect(findings[0]?.message).toContain(`before the rule for ${pod.sandbox.id.slice(0, 13)} is asked`);
    node.firewall.rules.push(...node.firewall.rules.splice(0, 1));
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'stale' }]);
  });

  it('is an error where the address is of another pod by now', async () => {
    const { node, old, pod } = stale();
    old.address = pod.network.reservation.address ?? '';
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'misleads', severity: 'error' }]);
  });

  it('masquerading that is left is information', async () => {
    const { node } = stale();
    node.firewall.rules.splice(0, 1, masquerade(DEAD));
    expect((await judge(check, node)).findings).toMatchObject([
      { messageId: 'masquerade', severity: 'info' },
    ]);
  });

  it('knows the network of an nftables rule by the address', async () => {
    const { node, old } = stale();
    const entries = [['ip', 'cni_hostport', 'hostports', 'handle', '11']];
    Object.assign(old, { backend: 'nftables', network: '', chain: 'hostports', entries });
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'stale',
        remedies: [{ commands: ['nft delete rule ip cni_hostport hostports handle 11'] }],
      },
    ]);
    old.address = '10.99.0.5';
    expect((await judge(check, node)).verdict).toBe('pass');
  });

  const innocent: [string, (node: Facts, old: ReturnType<typeof portRules>) => void][] = [
    [
      'its sandbox is stopped but listed',
      (n) =>
        void n.sandboxes.push({
          ...n.sandboxes[0],
          id: DEAD,
          state: 'notready',
        } as Facts['sandboxes'][number]),
    ],
    ['the store knows its sandbox', (n) => void n.store.sandboxes?.push(DEAD)],
    [
      'a CNI plugin works for it',
      (n) =>
        void n.processes.push({
          ...bareProcess(5000, 'portmap'),
          cni: { command: 'ADD', containerId: DEAD, netns: '' },
        }),
    ],
    ['its address was let a moment ago', (n) => void reserve(n, { mtime: NOW - 1000 })],
    ['it went away while we looked', (_, old) => void Object.assign(old, { confirmed: false })],
    ['it is of podman', (_, old) => void Object.assign(old, { network: 'podman' })],
    ['it is of nerdctl', (_, old) => void Object.assign(old, { containerId: `default-${DEAD}` })],
    ['it is of a network of somebody else', (_, old) => void Object.assign(old, { network: 'lab' })],
    ['no comment tells whose it is', (_, old) => void Object.assign(old, { containerId: '', network: '' })],
  ];
  it.each(innocent)('leaves it alone when %s', async (_, change) => {
    const { node, old } = stale();
    change(node, old);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('is unknown while an owner may be out of sight or the rules were not all read', async () => {
    const { node } = stale();
    const silent = unread('timeout', 'no answer');
    expect((await judge(check, node, { runtime: silent })).verdict).toBe('unknown');
    expect((await judge(check, node, { firewall: silent })).verdict).toBe('unknown');
  });
});
