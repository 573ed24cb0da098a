import { expect, test } from 'vitest';
import { listenerConflicts, publishedConflicts } from '../../src/derive/port-conflicts.ts';
import type { ListenerReport, PublishedPort } from '../../src/model/netns-report.ts';

let inode = 0;

function listener(container: string, address: string, port: number, pid = 1): ListenerReport {
  inode += 1;
  const holders = container === '?' ? [] : [{ pid, comm: container || 'sshd', container }];
  return { protocol: 'tcp', address, port, inode, holders };
}

const published = (hostPort: number, hostIp = '', containerPort = 80): PublishedPort => ({
  protocol: 'tcp',
  hostIp,
  hostPort,
  containerPort,
});

test.each([
  ['one socket each', ['a', '0.0.0.0', 80], ['b', '0.0.0.0', 81], []],
  ['two sockets of one container', ['a', '0.0.0.0', 80], ['a', '0.0.0.0', 80], []],
  ['different addresses', ['a', '127.0.0.1', 80], ['b', '10.88.0.2', 80], []],
  ['a socket that nobody is seen to hold', ['a', '0.0.0.0', 80], ['?', '0.0.0.0', 80], []],
  ['IPv6 loopback beside IPv4', ['a', '0.0.0.0', 80], ['b', '::1', 80], []],
  ['the same port shared', ['a', '0.0.0.0', 80], ['b', '0.0.0.0', 80], ['shared']],
  ['IPv4 by one, IPv6 by another', ['a', '0.0.0.0', 80], ['b', '::', 80], ['split']],
  ['one address taken from all', ['a', '0.0.0.0', 80], ['b', '127.0.0.1', 80], ['hidden']],
  ['the same with an IPv6 wildcard', ['a', '::', 80], ['b', '127.0.0.1', 80], ['hidden']],
] as [string, [string, string, number], [string, string, number], string[]][])('%s', (_, a, b, kinds) => {
  const both = [listener(...a), listener(...b)];
  expect(listenerConflicts(both).map((c) => c.kind)).toEqual(kinds);
  expect(listenerConflicts(both.reverse()).map((c) => c.kind)).toEqual(kinds);
});

test('a socket handed to another container is one listener', () => {
  const a = listener('a', '0.0.0.0', 80);
  const shared = { ...a, inode: 0, holders: [...a.holders, { pid: 2, comm: 'b', container: 'b' }] };
  expect(listenerConflicts([a, shared])).toEqual([]);
});

test('the words name port, containers and what follows', () => {
  const [hidden] = listenerConflicts([listener('app', '0.0.0.0', 80), listener('proxy', '127.0.0.1', 80)]);
  expect(hidden?.message).toBe('127.0.0.1:80 of proxy hides *:80 of app from whoever connects to 127.0.0.1');
});

test('host ports: two publishers, a process of the node, and a port behind which nothing listens', () => {
  const inside = [listener('app', '0.0.0.0', 80)];
  const messages = (ports: PublishedPort[], others: PublishedPort[], node: ListenerReport[] = []) =>
    publishedConflicts(ports, inside, [{ title: 'default/other', ports: others }], node).map((c) => c.kind);
  expect(messages([published(8080)], [])).toEqual([]);
  expect(messages([published(8080)], [published(8081)])).toEqual([]);
  expect(messages([published(8080)], [published(8080)])).toEqual(['hostPort']);
  expect(messages([published(8080, '10.0.0.1')], [published(8080, '10.0.0.2')])).toEqual([]);
  expect(messages([published(8080, '10.0.0.1')], [published(8080)])).toEqual(['hostPort']);
  expect(messages([published(8080)], [], [listener('', '0.0.0.0', 8080)])).toEqual(['hostPort']);
  expect(messages([published(8080)], [], [listener('', '0.0.0.0', 9090)])).toEqual([]);
  expect(messages([published(8080, '', 81)], [])).toEqual(['nowhere']);
});

test('a port that listens on loopback alone is not reached through the node', () => {
  const [one] = publishedConflicts([published(8080)], [listener('app', '127.0.0.1', 80)], [], []);
  expect(one?.message).toBe('host port 8080/tcp leads to port 80, where 80 listens on loopback alone');
});
