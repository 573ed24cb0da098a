import { expect, test } from 'vitest';
import { findHostRoot } from '../../src/cli/host-root.ts';

const node = ['/host/proc/1', '/host/etc/os-release', '/host/run/containerd'];
const pod = { '/': '1:1', '/proc/1/root/': '8:2', '/host': '8:2' };

function find(paths: readonly string[], identities: Record<string, string>): string {
  return findHostRoot({ exists: (p) => paths.includes(p), identity: (p) => identities[p] ?? null });
}

test('in a debug pod the node is at /host', () => {
  expect(find(node, pod)).toBe('/host');
  expect(find([...node.slice(0, 2), '/host/var/lib/kubelet'], pod)).toBe('/host');
});

test('also when the root of process 1 may not be read', () => {
  expect(find(node, { '/': '1:1', '/host': '8:2' })).toBe('/host');
});

test.each([
  ['without its own /proc', node.slice(1)],
  ['without a release file', [node[0] ?? '', node[2] ?? '']],
  ['without signs of a node', node.slice(0, 2)],
  ['that does not exist', []],
])('not a folder %s', (_, paths) => {
  expect(find(paths, pod)).toBe('');
});

test('not on the node itself, whatever /host looks like', () => {
  expect(find(node, { '/': '8:2', '/proc/1/root/': '8:2', '/host': '8:9' })).toBe('');
  expect(find(node, { '/': '8:2', '/host': '8:2' })).toBe('');
});

test('not on this machine', () => {
  expect(findHostRoot()).toBe('');
});
