import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/addresses-exhausted.ts';
import { type IpamRange, poolsOf } from '../../../src/derive/address-pool.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, judge, NOW } from '../../support/node.ts';
import { reserve } from './leftover.ts';

const whole = (subnet: string): IpamRange => ({ subnet, start: '', end: '' });

/** A network of five addresses, of which one is a pod's. */
function small(): Facts {
  const node = emptyNode();
  addPod(node, 1, 'web');
  const ipam = node.cniConf.files[0]?.plugins[0]?.ipam;
  if (ipam) ipam.ranges = [whole('10.88.0.0/29')];
  return node;
}

function hold(node: Facts, count: number, change: Parameters<typeof reserve>[1] = {}): void {
  for (let n = 0; n < count; n += 1) {
    const address = `10.88.0.${n + 3}`;
    reserve(node, { address, path: `/var/lib/cni/networks/podnet/${address}`, ...change });
  }
}

describe('cni/addresses-exhausted', () => {
  it('passes a network with room', async () => {
    expect((await judge(check, healthyNode())).verdict).toBe('pass');
    expect((await judge(check, small())).verdict).toBe('pass');
  });

  it('is an error when the last address is held for nobody', async () => {
    const node = small();
    hold(node, 4);
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'leaked',
        severity: 'error',
        message: 'podnet has no address left: 5 of 5 are reserved, 4 of them for nobody',
        subject: { id: '/var/lib/cni/networks/podnet', name: 'podnet' },
        data: { network: 'podnet' },
        remedies: [{ commands: ['podctl gc ipam'] }],
      },
    ]);
  });

  it('is a warning when living pods have them all, and information when nearly', async () => {
    const node = small();
    hold(node, 4, { mtime: NOW - 1000 });
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'inUse',
        severity: 'warning',
        message: 'podnet has no address left: all 5 of 10.88.0.0/29 are in use',
      },
    ]);
    const ipam = node.cniConf.files[0]?.plugins[0]?.ipam;
    if (ipam) ipam.ranges = [{ subnet: '10.88.0.0/24', start: '10.88.0.2', end: '10.88.0.11' }];
    hold(node, 8, { mtime: NOW - 1000 });
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'nearly', severity: 'info' }]);
  });

  it('counts what lies in the folder as host-local does: empty files and links hold an address, too', async () => {
    const node = small();
    hold(node, 4, { state: 'foreign', containerId: null });
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'inUse' }]);
  });

  it('is skipped where no range is configured', async () => {
    const node = small();
    node.cniConf.files = [];
    expect((await judge(check, node)).verdict).toBe('skipped');
  });
});

describe('pools', () => {
  it.each<[string, IpamRange[], string[], [number, string, number][]]>([
    [
      'both ends and the gateway are never let',
      [whole('10.0.0.0/29')],
      ['10.0.0.0', '10.0.0.1', '10.0.0.7', '10.0.0.2'],
      [[32, '5', 1]],
    ],
    ['an IPv6 network has no broadcast', [whole('fd00::/125')], ['fd00:0:0::7'], [[128, '6', 1]]],
    [
      'a gateway outside',
      [{ ...whole('10.0.0.0/29'), start: '10.0.0.3', end: '10.0.0.5' }],
      [],
      [[32, '3', 0]],
    ],
    [
      'families apart',
      [whole('fd00::/64'), whole('10.0.0.0/30')],
      ['10.0.0.2'],
      [
        [32, '1', 1],
        [128, String(2n ** 64n - 2n), 0],
      ],
    ],
    [
      'what is no range',
      [whole(''), whole('10.0.0.0'), whole('10.0.0.0/31'), whole('10.0.0.0/999'), whole('x/24')],
      ['10.0.0.1'],
      [],
    ],
    [
      'one that ends before it starts',
      [{ ...whole('10.0.0.0/24'), start: '10.0.0.9', end: '10.0.0.2' }],
      [],
      [[32, '0', 0]],
    ],
  ])('%s', (_, ranges, reserved, expected) => {
    expect(poolsOf(ranges, reserved).map(({ bits, size, held }) => [bits, String(size), held])).toEqual(
      expected,
    );
  });
});
