import { expect, test } from 'vitest';
import type { Subject } from '../../src/model/check.ts';
import { fingerprint } from '../../src/model/fingerprint.ts';

const of = (subject: Subject) => fingerprint('area/noun', { messageId: 'lost', subject });

test('pods and containers are known by their names, whatever their ids', () => {
  expect(of({ kind: 'sandbox', id: 'a'.repeat(64), name: 'default/web' })).toBe(
    'area/noun lost sandbox default/web',
  );
  expect(of({ kind: 'container', id: 'b'.repeat(64), name: 'default/web/app' })).toBe(
    'area/noun lost container default/web/app',
  );
  expect(of({ kind: 'process', id: '4711', name: 'default/web, nginx' })).not.toContain('4711');
});

test('what has no name, or a name for people only, is known by its id', () => {
  expect(of({ kind: 'sandbox', id: 'abc' })).toBe('area/noun lost sandbox abc');
  expect(of({ kind: 'sandbox', id: 'abc', name: '' })).toBe('area/noun lost sandbox abc');
  expect(of({ kind: 'shim', id: 'abc', name: 'shim 4711' })).toBe('area/noun lost shim abc');
  expect(of({ kind: 'file', id: '/etc/cni/net.d/10.conf', name: 'bridge' })).toBe(
    'area/noun lost file /etc/cni/net.d/10.conf',
  );
});
