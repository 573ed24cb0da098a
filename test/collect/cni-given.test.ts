import { expect, test } from 'vitest';
import { parseCniEntry, storedConfigs } from '../../src/collect/cni-entry.ts';

const NETNS = '/var/run/netns/cni-ed6430f2-e6df-0051-99d6-f5452438d0ca';
const RESULT = {
  cniVersion: '1.0.0',
  interfaces: [
    { name: 'cni0' },
    { name: 'eth0', mac: '0A:58:0A:7A:00:03', sandbox: NETNS },
    { name: 'dummy9', mac: '0', sandbox: '0' },
  ],
  routes: [{ dst: '0.0.0.0/0' }, { dst: '10.96.0.0/12', gw: '10.122.0.1' }],
};

/** What a cached result of a network with one bridge plugin tells. */
function read({ result = RESULT as unknown, list = {}, plugin = {} } = {}) {
  const plugins = [{ type: 'bridge', bridge: 'cni0', ...plugin }];
  const config = JSON.stringify({ cniVersion: '1.0.0', name: 'podnet', plugins, ...list });
  const stored = storedConfigs();
  const file = {
    kind: 'cniCacheV1',
    containerId: 'a'.repeat(64),
    config: Buffer.from(config).toString('base64'),
    ifName: 'eth0',
    networkName: 'podnet',
    netns: NETNS,
    result,
  };
  return { entry: parseCniEntry(JSON.stringify(file), stored.of), plugin: stored.all()[0]?.plugins[0] };
}

test('what the sandbox was given, without what is in no namespace', () => {
  expect(read().entry.given).toEqual({
    interfaces: [{ name: 'eth0', mac: '0a:58:0a:7a:00:03' }],
    routes: ['0.0.0.0/0', '10.96.0.0/12'],
  });
});

test('nothing without a result, and where it is not to be compared', () => {
  for (const way of [{ result: null }, { result: 'x' }, { list: { disableCheck: true } }])
    expect(read(way).entry).not.toHaveProperty('given');
});

test('a plugin that sets up the ports of its bridge', () => {
  const tunes = (plugin: object) => read({ plugin }).plugin?.does?.tunesPorts;
  expect([{}, { hairpinMode: false }, { vlan: 0 }].map(tunes)).toEqual([false, false, false]);
  expect([{ hairpinMode: true }, { vlan: 7 }, { portIsolation: true }].map(tunes)).toEqual([
    true,
    true,
    true,
  ]);
});
