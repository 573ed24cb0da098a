import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/leaked-reservation.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { healthyNode, judge, unread } from '../../support/node.ts';
import { DEAD, leaky, must } from './leftover.ts';

describe('cni/leaked-reservation, how it came about', () => {
  it.each<[string, Outcome<never>]>([
    ['failed', unread('unavailable', 'no helper')],
    ['partial', { status: 'partial', value: undefined as never, problems: [], ms: 1 }],
  ])('frees no address that may be in use where no one looks: networks %s', async (_, networks) => {
    expect(await judge(check, leaky(), { networks })).toMatchObject({
      verdict: 'unknown',
      reason: 'network namespaces were not all seen: an address may still be in use',
      findings: [],
    });
    expect((await judge(check, healthyNode(), { networks })).verdict).toBe('pass');
  });

  it('tells what a start that failed leaves from what keeps its attachment', async () => {
    const node = leaky();
    const [entry] = node.cniCache.entries;
    node.cniCache.entries.push({ ...must(entry), containerId: DEAD, path: `/x/podnet-${DEAD}-eth0` });
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'leaked' }]);
  });

  it.each(['host-device', 'sriov'])(
    'names %s, which frees nothing once the namespace is gone',
    async (type) => {
      const node = leaky();
      const plugins = ['tuning', type].map((one) => ({ type: one, bridge: null, ipam: null }));
      node.cniCache.configs = [{ network: 'podnet', plugins }];
      expect((await judge(check, node)).findings).toMatchObject([
        { messageId: 'kept', data: { plugin: type } },
      ]);
      delete node.cniCache.configs;
      node.cniConf.files[0]?.plugins.unshift({ type, bridge: null, ipam: null });
      expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'kept' }]);
    },
  );
});
