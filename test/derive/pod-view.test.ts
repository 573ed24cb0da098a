import { expect, test } from 'vitest';
import { podViews } from '../../src/derive/pod-view.ts';
import { addPod, healthyNode, id, kill } from '../support/node.ts';
import { addOwn, ownSandbox } from '../support/own.ts';
import { snapshotOf } from '../support/snapshot.ts';

test('addresses come from the kernel, with their prefix; from the cache where it was not seen', () => {
  const node = healthyNode();
  addOwn(node, ownSandbox(1));
  const { facts } = snapshotOf(node);
  const addresses = (seen: typeof facts) => podViews(seen).map((p) => p.addresses);
  expect(addresses(facts)).toEqual([
    [{ address: '10.88.0.2', prefix: 24 }],
    [],
    [{ address: '10.88.0.4', prefix: 24 }],
    [{ address: '10.87.0.2', prefix: 24 }],
  ]);
  const { networks: _, ...blind } = facts;
  expect(addresses(blind)[0]).toContainEqual({ address: '10.88.0.2', prefix: null });
  const { cniCache: __, ...blinder } = blind;
  expect(addresses(blinder)[0]).toBeNull();
});

test('pods are shown without the list that failed, and are unknown then', () => {
  const { facts } = snapshotOf(healthyNode());
  const problem = { code: 'timeout', message: 'no answer' } as const;
  const failed = { status: 'failed', problem, ms: 1 } as const;
  const views = podViews({ ...facts, sandboxes: failed, containers: failed });
  expect(views.map((p) => [p.title, p.state])).toEqual([
    ['default/web', 'unknown'],
    ['default/agent', 'unknown'],
    ['default/shared', 'unknown'],
  ]);
  expect(views[0]?.containers.map((c) => [c.state, c.init?.comm])).toEqual([
    ['unlisted', 'app'],
    ['unlisted', 'sidecar'],
  ]);
});

test('what runs and is not listed is said to be so', () => {
  const node = healthyNode();
  node.sandboxes = node.sandboxes.filter((s) => s.id !== id('a1'));
  node.containers = node.containers.filter((c) => c.sandboxId !== id('a1'));
  const view = podViews(snapshotOf(node).facts).find((p) => p.id === id('a1'));
  expect(view).toMatchObject({ state: 'unlisted', title: 'default/web' });
  expect(view?.containers.map((c) => c.state)).toEqual(['unlisted', 'unlisted']);
});

test('bundles of another containerd are no pods of this one', () => {
  const node = healthyNode();
  const pod = addPod(node, 8, 'elsewhere');
  const left = addPod(node, 9, 'left');
  for (const { sandbox, pause, shim, containers } of [pod, left]) {
    kill(node, pause, shim, ...containers.map((c) => c.init));
    node.sandboxes = node.sandboxes.filter((s) => s !== sandbox);
    node.containers = node.containers.filter((c) => c.sandboxId !== sandbox.id);
    node.store.records = node.store.records.filter((r) => r.id !== sandbox.id);
  }
  const bundle = node.bundles.find((b) => b.id === pod.sandbox.id);
  if (bundle) bundle.dir = `/srv/other/io.containerd.runtime.v2.task/k8s.io/${pod.sandbox.id}`;
  const ids = podViews(snapshotOf(node).facts).map((p) => p.id);
  expect(ids).not.toContain(pod.sandbox.id);
  expect(ids).toContain(left.sandbox.id);
});
