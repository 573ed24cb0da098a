import { expect, test } from 'vitest';
import type { Subject } from '../../src/model/check.ts';
import { fingerprint } from '../../src/model/fingerprint.ts';

const of = (subject: Subject) => fingerprint('area/noun', { messageId: 'lost', subject, data: {} });

test('pods and containers are known by their names, whatever their ids', () => {
  expect(of({ kind: 'sandbox', id: 'a'.repeat(64), name: 'default/web' })).toBe(
    'area/noun lost sandbox default/web',
  );
  expect(of({ kind: 'container', id: 'b'.repeat(64), name: 'default/web/app' })).toBe(
    'area/noun lost container default/web/app',
  );
  expect(of({ kind: 'process', id: '4711', name: 'default/web, nginx' })).not.toContain('4711');
  expect(of({ kind: 'shim', id: 'abc', name: 'default/web' })).toBe('area/noun lost shim default/web');
});

test('the attempt is no part of a name: a restart counts it up', () => {
  expect(of({ kind: 'sandbox', id: 'a', name: 'default/web (attempt 3)' })).toBe(
    'area/noun lost sandbox default/web',
  );
  expect(of({ kind: 'container', id: 'b', name: 'default/web (attempt 3)/app' })).toBe(
    'area/noun lost container default/web/app',
  );
});

test('what has no name, or a name for people only, is known by its id', () => {
  expect(of({ kind: 'sandbox', id: 'abc' })).toBe('area/noun lost sandbox abc');
  expect(of({ kind: 'sandbox', id: 'abc', name: '' })).toBe('area/noun lost sandbox abc');
  expect(of({ kind: 'reservation', id: '/var/lib/cni/networks/pods/10.0.0.2', name: 'pods' })).toBe(
    'area/noun lost reservation /var/lib/cni/networks/pods/10.0.0.2',
  );
  expect(of({ kind: 'file', id: '/etc/cni/net.d/10.conf', name: 'bridge' })).toBe(
    'area/noun lost file /etc/cni/net.d/10.conf',
  );
});

const ID = '0123456789abcdef'.repeat(4);
const UUID = '4629a968-121a-4014-bed3-edc2af46ab2f';

test('a file with an id in its path is known by its owner and the rest of the path; without an owner by all', () => {
  expect(of({ kind: 'file', id: `/var/lib/cni/results/pods-${ID}-eth0`, name: 'default/web' })).toBe(
    'area/noun lost file default/web /var/lib/cni/results/pods-*-eth0',
  );
  expect(of({ kind: 'file', id: `/var/lib/kubelet/pods/${UUID}/volumes/nfs`, name: 'default/web' })).toBe(
    'area/noun lost file default/web /var/lib/kubelet/pods/*/volumes/nfs',
  );
  expect(of({ kind: 'file', id: `/var/lib/cni/results/pods-${ID}-eth0` })).toContain(ID);
  expect(of({ kind: 'netns', id: `/run/netns/cni-${UUID}` })).toContain(UUID);
});

test('a pid in a path of /proc is none of it', () => {
  expect(of({ kind: 'runtime', id: '/proc/4711/limits' })).toBe('area/noun lost runtime /proc/*/limits');
});

test('data that tells findings apart is a part of it, in the order of the check, and nothing else of the data', () => {
  const finding = {
    messageId: 'ports',
    subject: { kind: 'sandbox', id: 'abc', name: 'default/web' } as const,
    data: { count: 12, port: '80/tcp', network: 'pods', nobody: '' },
  };
  expect(fingerprint('cni/x', finding, ['port', 'network', 'nobody', 'missing'])).toBe(
    'cni/x ports sandbox default/web port=80/tcp network=pods',
  );
});

test('hostile names stay one printable line, each another one', () => {
  const names = ['web\n', 'web\\n', 'web\u202e', 'web\x1b[2J', 'web\u2028', 'web\ud800', 'web'];
  const all = names.map((name) => of({ kind: 'sandbox', id: 'a', name }));
  expect(new Set(all).size).toBe(names.length);
  for (const one of all) expect(one).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(all[0]).toBe('area/noun lost sandbox web\\u{a}');
});
