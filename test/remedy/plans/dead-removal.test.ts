import { expect, test } from 'vitest';
import recordDamaged from '../../../checks/sandbox/record-damaged.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, kill, NOW, type Pod } from '../../support/node.ts';
import { kinds, plan, planOn, refusal } from '../../support/planned.ts';

/** Half a record of a dead sandbox whose pod kubelet does not have. */
function half(): { node: Facts; pod: Pod } {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web', { state: 'notready' });
  kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
  node.store.records = [];
  node.store.halves = [{ id: pod.sandbox.id, name: null, netnsPath: null, createdAt: NOW - 600_000 }];
  node.podOwners = { ...node.podOwners, pods: [], folders: [] };
  return { node, pod };
}

test('half a record goes with what it holds, while nothing works on it', async () => {
  const { node, pod } = half();
  const made = plan(await planOn(recordDamaged, node));
  expect(made.risk).toBe('safe');
  expect(kinds(made)).toEqual(['stop-sandbox', 'remove-sandbox']);
  expect(made.steps[0]?.guards).toMatchObject([
    { kind: 'no-plugin-runs', id: pod.sandbox.id },
    { kind: 'sandbox-dead', id: pod.sandbox.id },
  ]);
});

test('the latest attempt of a pod that kubelet has is left to kubelet', async () => {
  const { node, pod } = half();
  node.podOwners.pods = [pod.known];
  expect(refusal(await planOn(recordDamaged, node)).reason).toContain('latest attempt');
  addPod(node, 2, 'web', { uid: pod.sandbox.uid, attempt: 1 });
  expect(kinds(plan(await planOn(recordDamaged, node)))).toEqual(['stop-sandbox', 'remove-sandbox']);
});

test('without the word of kubelet nothing is planned', async () => {
  const { node } = half();
  node.podOwners = { ...node.podOwners, kubelet: 'none', pods: null, folders: null };
  expect(refusal(await planOn(recordDamaged, node)).name).toBe('kubelet-silent');
  expect(kinds(plan(await planOn(recordDamaged, node, { assumeNoKubelet: true })))).toHaveLength(2);
});
