import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/leaked-reservation.ts';
import { bareProcess, emptyNode, id, judge, ns } from '../../support/node.ts';
import { ownSandbox } from '../../support/own.ts';
import { DEAD, inNetwork, leaky, must, reserve } from './leftover.ts';

describe('networks that cni/leaked-reservation judges', () => {
  it('judges a second network by a cached result with a pin of the runtime, where no other runtime is', async () => {
    const node = leaky(inNetwork('macvlan'));
    node.cniCache.entries.push({
      ...must(node.cniCache.entries[0]),
      path: `/var/lib/cni/results/macvlan-${DEAD}-net1`,
      network: 'macvlan',
      containerId: DEAD,
      netns: '/run/netns/cni-11111111-2222-4333-8444-555555555555',
    });
    expect((await judge(check, node)).findings).toMatchObject([{ data: { network: 'macvlan' } }]);
    const daemon = must(node.daemons[0]);
    node.daemons.push({ ...daemon, pid: 101, flags: { address: '/run/k3s/containerd.sock' } });
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    node.daemons = [
      daemon,
      { ...daemon, pid: 101, flags: { address: '/run/docker/containerd/containerd.sock' } },
    ];
    expect(await judge(check, node)).toMatchObject({ verdict: 'found' });
  });

  it('judges a network that listed sandboxes are attached to, whatever its configuration', async () => {
    const node = leaky(inNetwork('macvlan'));
    const entry = must(node.cniCache.entries[0]);
    node.cniCache.entries.push({
      ...entry,
      path: '/var/lib/cni/results/x',
      network: 'macvlan',
      ifName: 'net1',
    });
    expect((await judge(check, node)).findings).toMatchObject([{ data: { network: 'macvlan' } }]);
  });

  it('calls nothing leaked in a network that another runtime uses as well', async () => {
    const node = leaky();
    reserve(node, {
      address: '10.88.0.78',
      path: '/var/lib/cni/networks/podnet/10.88.0.78',
      containerId: id('f00d'),
    });
    node.processes.push({ ...bareProcess(5000, 'pause'), containerId: id('f00d') });
    expect(await judge(check, node)).toMatchObject({
      verdict: 'unknown',
      reason:
        'another runtime uses the network podnet as well: f00d000000000 lives and is in no list of this one',
      findings: [],
    });
    const beside = leaky();
    beside.bundles.push({ ...must(beside.bundles[0]), id: DEAD, namespace: 'default', sandboxId: null });
    expect(await judge(check, beside)).toMatchObject({ verdict: 'unknown', findings: [] });
  });

  it("finds podctl's own, with or without a runtime, and spares those of any state folder", async () => {
    const node = emptyNode();
    node.ownSandboxes.push(ownSandbox(1));
    reserve(node, { folder: '/run/podctl/network/ipam/podctl', network: 'podctl' });
    const none = { status: 'absent', reason: 'no container runtime', ms: 0 } as const;
    const alone = { runtime: none, store: none };
    expect((await judge(check, node)).findings).toHaveLength(1);
    expect((await judge(check, node, alone)).findings).toHaveLength(1);
    reserve(node);
    expect((await judge(check, node, alone)).findings).toHaveLength(1);
    const left = ownSandbox(2, { id: DEAD, phase: 'unrecorded', name: '' });
    node.ownSandboxes.push(left);
    const path = `/tmp/state/ns/${DEAD}/net`;
    node.pins.pins.push({ path, type: 'net', ns: ns(778), mounts: 1, confirmed: true, scheme: 'podctl' });
    expect((await judge(check, node, alone)).findings).toHaveLength(1);
    node.ownSandboxes.pop();
    expect(await judge(check, node, alone)).toMatchObject({ verdict: 'pass' });
  });
});
