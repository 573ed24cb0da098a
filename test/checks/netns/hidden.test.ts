import { describe, expect, it } from 'vitest';
import check from '../../../checks/netns/hidden.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { emptyNode, healthyNode, judge, ns } from '../../support/node.ts';

/** A runtime in a mount namespace of its own. */
function apart(node: Facts): Facts {
  node.daemons = node.daemons.map((one) => ({ ...one, mnt: ns(77) }));
  return node;
}

describe('netns/hidden', () => {
  it('passes a runtime in the mount namespace of PID 1', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('says where the pins are, and that nothing is wrong', async () => {
    expect((await judge(check, apart(healthyNode()))).findings).toMatchObject([
      {
        messageId: 'ownMounts',
        severity: 'info',
        subject: { kind: 'node', id: 'worker-1' },
        evidence: [{ at: '/proc/100/ns/mnt', value: 'mnt:[4026530077]' }],
        remedies: [{ risk: 'safe', commands: ['nsenter -t 100 -m grep nsfs /proc/self/mountinfo'] }],
      },
    ]);
  });

  it('does not take podctl in a container for a runtime that is hidden', async () => {
    const node = healthyNode();
    node.host.self.mnt = ns(88);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('says nothing where nothing is pinned, or the namespace cannot be read', async () => {
    expect(await judge(check, apart(emptyNode()))).toMatchObject({ verdict: 'pass' });
    const node = healthyNode();
    node.daemons = node.daemons.map((one) => ({ ...one, mnt: null }));
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
