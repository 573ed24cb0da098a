import { expect, test } from 'vitest';
import { findPods } from '../../src/derive/find-pod.ts';
import { podViews } from '../../src/derive/pod-view.ts';
import { addPod, healthyNode, id } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';

function found(change: (node: ReturnType<typeof healthyNode>) => void, text: string): string[] {
  const node = healthyNode();
  change(node);
  return findPods(podViews(snapshotOf(node).facts), text).map((p) => p.id);
}

const nothing = () => {};

test.each([
  ['full id', id('a1'), [id('a1')]],
  ['namespace and name', 'default/web', [id('a1')]],
  ['name', 'web', [id('a1')]],
  ['beginning of an id', 'a1', [id('a1')]],
  ['beginning of several ids', 'a', [id('a1'), id('a2'), id('a3')]],
  ['part of a name', 'we', []],
  ['another namespace', 'prod/web', []],
  ['nothing', '', [id('a1'), id('a2'), id('a3')].slice(3)],
])('%s', (_, text, expected) => {
  expect(found(nothing, text)).toEqual(expected);
});

test('of two namespaces both are meant, and of several sandboxes of one pod the ready one', () => {
  const twice = (node: ReturnType<typeof healthyNode>) => {
    addPod(node, 8, 'web', { state: 'notready', uid: 'uid-1' });
    const other = addPod(node, 9, 'web');
    other.sandbox.namespace = 'prod';
  };
  expect(found(twice, 'web')).toEqual([id('a1'), id('a9')]);
  expect(found(twice, 'default/web')).toEqual([id('a1')]);
});

test('of dead sandboxes the newest is meant', () => {
  const dead = (node: ReturnType<typeof healthyNode>) => {
    const [old, young] = [8, 9].map((n) => addPod(node, n, 'job', { state: 'notready' }));
    if (old && young) young.sandbox.createdAt = old.sandbox.createdAt + 1000;
  };
  expect(found(dead, 'job')).toEqual([id('a9')]);
});

test('a name that looks like an id comes first', () => {
  expect(found((node) => void addPod(node, 9, 'a1'), 'a1')).toEqual([id('a9')]);
});
