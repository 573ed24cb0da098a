import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/bridge-address.ts';
import type { CniPluginConf, Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, judge } from '../../support/node.ts';

const DOES = { gateway: true, forceAddress: false, masquerade: false, ports: false };

/** A node whose bridge is to have the gateway's address, in a range of the caller's. */
function bridged(subnet: string, gateway = ''): { node: Facts; plugin: CniPluginConf } {
  const node = emptyNode();
  const plugin = node.cniConf.files[0]?.plugins[0];
  if (!plugin?.ipam) throw new Error('the node has a bridge');
  plugin.does = { ...DOES };
  plugin.ipam.ranges = [{ subnet, start: '', end: '', gateway }];
  return { node, plugin };
}

describe('cni/bridge-address', () => {
  it.each([
    ['10.88.0.0/24', ''],
    ['10.88.0.0/24', '10.88.0.1'],
  ])('passes a bridge with the gateway of %s %s', async (subnet, gateway) => {
    expect((await judge(check, bridged(subnet, gateway).node)).verdict).toBe('pass');
  });

  it('names an old address; without links on it the bridge can go', async () => {
    expect((await judge(check, bridged('10.99.0.0/24').node)).findings).toMatchObject([
      {
        messageId: 'unused',
        severity: 'error',
        message: 'cni0 has 10.88.0.1/24, but podnet wants 10.99.0.1/24: no new pod starts; no pod is on it',
        subject: { kind: 'link', id: 'cni0' },
        evidence: [
          { at: '/sys/class/net/cni0', value: '10.88.0.1/24' },
          { at: '/etc/cni/net.d/10-podnet.conflist', value: 'gateway 10.99.0.1/24' },
        ],
        remedies: [{ risk: 'safe', commands: ['ip link delete dev cni0'] }],
      },
    ]);
  });

  it('counts the links on it, whose pods must go first', async () => {
    const { node } = bridged('10.88.0.0/16');
    addPod(node, 1, 'web');
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'used',
        message: 'cni0 has 10.88.0.1/24, but podnet wants 10.88.0.1/16: no new pod starts; 1 links are on it',
        remedies: [{ risk: 'destructive' }],
      },
    ]);
  });

  const innocent: [string, (node: Facts, plugin: CniPluginConf) => void][] = [
    ['the bridge is not there yet', (n) => void n.networks.host.seen?.links.pop()],
    ['it has no address yet', (n) => void n.networks.host.seen?.addresses.pop()],
    [
      'it has none of IPv4',
      (n) => void Object.assign(n.networks.host.seen?.addresses[1] ?? {}, { address: 'fd00::1' }),
    ],
    [
      'it has that of the gateway, too',
      (n) => void n.networks.host.seen?.addresses.push({ link: 2, address: '10.99.0.1', prefix: 24 }),
    ],
    [
      'another range has its address as gateway',
      (_, { ipam }) => void ipam?.ranges.push({ subnet: '10.88.0.0/24', start: '', end: '' }),
    ],
    [
      'the range is none',
      (_, { ipam }) => void ipam?.ranges.splice(0, 1, { subnet: 'x/24', start: '', end: '' }),
    ],
  ];
  it.each(innocent)('passes when %s', async (_, change) => {
    const { node, plugin } = bridged('10.99.0.0/24');
    change(node, plugin);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it.each<[string, Partial<typeof DOES> | undefined]>([
    ['gives the bridge no address', { gateway: false }],
    ['replaces an old address', { forceAddress: true }],
    ['is from a snapshot of an older version', undefined],
  ])('is skipped where the plugin %s', async (_, does) => {
    const { node, plugin } = bridged('10.99.0.0/24');
    if (does) plugin.does = { ...DOES, ...does };
    else delete plugin.does;
    expect((await judge(check, node)).verdict).toBe('skipped');
  });

  it("is unknown where the node's links cannot be seen", async () => {
    const { node } = bridged('10.99.0.0/24');
    node.networks.host.seen = null;
    expect((await judge(check, node)).verdict).toBe('unknown');
  });
});
