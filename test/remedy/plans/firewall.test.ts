import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import { portRules } from '../../checks/cni/rules.ts';
import { emptyNode, healthyNode, id } from '../../support/node.ts';
import { guardsOf, kindsOf, planFor } from '../../support/remedy.ts';

const DEAD = id('dead');
const ID_GUARDS = ['no-plugin-runs', 'disowned'];

describe('cni/stale-rule', () => {
  const rule = (change: object = {}) => portRules(DEAD, { address: '10.88.0.77', ...change });
  const withRules = (...rules: Facts['firewall']['rules']) => {
    const node = healthyNode();
    const read = { family: 'ip', program: '/usr/sbin/iptables-nft-save', backend: 'iptables-nft' } as const;
    node.firewall = { rules, read: [read, { ...read, backend: 'iptables-legacy' }] };
    return node;
  };

  it('deletes the rules of one attachment, guarded by its id', async () => {
    const plan = await planFor('cni/stale-rule', withRules(rule()));
    const { backend, chain, entries } = rule();
    const program = '/usr/sbin/iptables-nft';
    expect(plan.risk).toBe('safe');
    expect(plan.steps[0]?.action).toEqual({
      kind: 'delete-rules',
      program,
      backend,
      network: 'podnet',
      container: DEAD,
      chain,
      entries,
    });
    expect(guardsOf(plan)).toEqual([ID_GUARDS]);
  });

  it('asks first where both kinds of iptables have rules of it', async () => {
    const plan = await planFor(
      'cni/stale-rule',
      withRules(rule(), rule({ backend: 'iptables-legacy', confirmed: false })),
    );
    expect(plan.risk).toBe('disruptive');
  });
});

describe('cni/bridge-address', () => {
  it('deletes the bridge while nothing is in it', async () => {
    const node = emptyNode();
    const [plugin] = node.cniConf.files[0]?.plugins ?? [];
    if (plugin?.ipam) {
      plugin.does = { gateway: true, forceAddress: false, masquerade: false, ports: false };
      plugin.ipam.ranges = [{ subnet: '10.99.0.0/24', start: '', end: '' }];
    }
    const plan = await planFor('cni/bridge-address', node);
    expect([plan.risk, kindsOf(plan), guardsOf(plan)]).toEqual([
      'safe',
      ['delete-link'],
      [['link-is', 'portless']],
    ]);
  });
});
