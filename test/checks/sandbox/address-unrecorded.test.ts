import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/address-unrecorded.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, DAY, emptyNode, healthyNode, judge, NOW, type PodOptions } from '../../support/node.ts';

function forgetful(options: PodOptions = {}) {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web', options);
  pod.record.address = '';
  node.runtimeConfig.daemonStartedAt = NOW - 2 * DAY;
  return { node, pod };
}

const passes = async (node: Facts) => expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });

describe('sandbox/address-unrecorded', () => {
  it('passes a healthy node, and records of which the address is not known', async () => {
    await passes(healthyNode());
    const node = healthyNode();
    for (const record of node.store.records) record.address = '10.88.0.1';
    await passes(node);
  });

  it('warns before the restart that costs the pod', async () => {
    const { node, pod } = forgetful();
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'forgets',
        severity: 'warning',
        subject: { kind: 'sandbox', id: pod.sandbox.id },
        remedies: [{ commands: ['kubectl drain --ignore-daemonsets --delete-emptydir-data worker-1'] }],
      },
    ]);
  });

  it('says so where containerd has started since', async () => {
    const { node } = forgetful();
    node.runtimeConfig.daemonStartedAt = NOW - 3_600_000;
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'forgot' }]);
  });

  it('leaves a lost pin, which shows the same face, to its own check', async () => {
    const { node, pod } = forgetful();
    for (const pin of node.pins.pins) if (pin.path === pod.pinPath) pin.ns = null;
    await passes(node);
  });

  it('does not report hostNetwork, networks without addresses, young or dead sandboxes', async () => {
    await passes(forgetful({ hostNetwork: true }).node);
    await passes(forgetful({ young: true }).node);
    await passes(forgetful({ state: 'notready' }).node);
    const { node } = forgetful();
    for (const pod of node.networks.pods) if (pod.seen) pod.seen.addresses = [];
    await passes(node);
  });
});
