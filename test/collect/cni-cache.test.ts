import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cniCacheCollector } from '../../src/collect/cni-cache.ts';
import { parseCniEntry, storedConfigs } from '../../src/collect/cni-entry.ts';
import type { Collector } from '../../src/collect/collector.ts';
import type { CniCacheFact, Sandbox } from '../../src/model/facts.ts';
import { complete } from '../../src/model/outcome.ts';
import { lookAt } from '../support/look-at.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const ID = '0b918a6f4844615a6998cc23fb76180f9f624bdb4dc70578d8721d1d7bb6e316';
const NETNS = '/var/run/netns/cni-ed6430f2-e6df-0051-99d6-f5452438d0ca';
const base64 = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
const CONFIG = {
  cniVersion: '1.0.0',
  name: 'podnet',
  plugins: [
    { type: 'bridge', bridge: 'br7', ipam: { type: 'host-local', dataDir: '/srv/ipam/', password: 'hush' } },
  ],
};
const entry = (change: object = {}) => ({
  kind: 'cniCacheV1',
  containerId: ID,
  config: base64(CONFIG),
  ifName: 'eth0',
  networkName: 'podnet',
  netns: NETNS,
  cniArgs: [['K8S_POD_NAME', 'sharedpid']],
  capabilityArgs: { cgroupPath: '/kubepods/x' },
  result: {
    cniVersion: '1.0.0',
    interfaces: [{ name: 'cni0' }, { name: 'veth7' }, { name: 'eth0', sandbox: NETNS }],
    ips: [
      { address: '10.122.0.3/16', gateway: '10.122.0.1', interface: 2 },
      { address: 'fd00::3/64', interface: 2 },
    ],
  },
  ...change,
});
const WHOLE = {
  state: 'whole',
  network: 'podnet',
  containerId: ID,
  ifName: 'eth0',
  netns: NETNS,
  addresses: ['10.122.0.3', 'fd00::3'],
  hostLinks: ['cni0', 'veth7'],
  hasConfig: true,
  given: { interfaces: [{ name: 'eth0', mac: '' }], routes: [] },
  rules: { ports: [], masquerade: false },
};
const parse = (value: object | string) =>
  parseCniEntry(typeof value === 'string' ? value : JSON.stringify(value), storedConfigs().of);

test('a recorded attachment, without its configuration and arguments', () => {
  expect(parse(entry())).toEqual(WHOLE);
});

test('without a path of its own the interface in the pod names it; old results have addresses too', () => {
  expect(parse(entry({ netns: undefined }))).toEqual(WHOLE);
  const old = { cniVersion: '0.2.0', ip4: { ip: '10.1.0.5/16' } };
  expect(parse(entry({ result: old, netns: 7 }))).toEqual({
    ...WHOLE,
    netns: '',
    addresses: ['10.1.0.5'],
    hostLinks: [],
    given: { interfaces: [], routes: [] },
  });
});

const deep = '['.repeat(100_000) + ']'.repeat(100_000);

test.each([
  ['', 'empty'],
  [' \n\0', 'malformed'],
  ['\n', 'empty'],
  [JSON.stringify(entry()).slice(0, 100), 'malformed'],
  ['\u0000\u0001ELF', 'malformed'],
  [deep, 'otherKind'],
  ['{}', 'otherKind'],
  ['null', 'otherKind'],
  ['7', 'otherKind'],
  ['{"cniVersion":"0.3.1","ips":[]}', 'otherKind'],
  [JSON.stringify(entry({ kind: 'cniCacheV9' })), 'otherKind'],
  ['{"__proto__":{"kind":"cniCacheV1"}}', 'otherKind'],
  [JSON.stringify(entry({ containerId: 7 })), 'malformed'],
  [JSON.stringify(entry({ containerId: '' })), 'malformed'],
])('%j is %s, and nothing is believed of it', (text, state) => {
  expect(parse(text)).toEqual({
    state,
    network: '',
    containerId: '',
    ifName: '',
    netns: '',
    addresses: [],
    hostLinks: [],
    hasConfig: false,
  });
});

test.each([
  { config: 7 },
  { config: '' },
  { config: '!!!' },
  { config: base64('{"name": "x"') },
  { config: base64({ ...CONFIG, name: '../../etc' }) },
  { config: base64({ ...CONFIG, plugins: [{ type: '../sh' }] }) },
  { config: base64(`{"name":"podnet","type":"bridge","x":${deep}}`) },
])('a configuration that no plugin takes is none: %j', (change) => {
  expect(parse(entry(change))).toEqual({ ...WHOLE, hasConfig: false });
});

test('fields of other types tell nothing, and results of another form have no addresses', () => {
  const odd = { networkName: [], ifName: {}, netns: 'relative', result: { interfaces: [7], ips: 'x' } };
  expect(parse(entry(odd))).toEqual({
    ...WHOLE,
    given: undefined,
    network: '',
    ifName: '',
    netns: '',
    addresses: [],
    hostLinks: [],
  });
  expect(parse(entry({ netns: `/${'x'.repeat(5000)}`, result: null })).netns).toBe('');
});

const RESULTS = '/var/lib/cni/results';

async function look(root: string, ...others: Collector[]) {
  const names = ['cniCache' as const, ...others.map((c) => c.fact)];
  const { cniCache } = await lookAt(root, [cniCacheCollector, ...others], names);
  if (!cniCache || !('value' in cniCache)) throw new Error(JSON.stringify(cniCache));
  return cniCache;
}

const states = (fact: CniCacheFact) => fact.entries.map((e) => [path.basename(e.path), e.state]);

test('an empty node has no cache', async () => {
  const { status, value } = await look(temporaryFolder());
  expect([status, value]).toEqual(['complete', { entries: [], folders: [], ipamFolders: [], configs: [] }]);
});

test('every file of both folders by name, loopback too; links and folders are not entered', async () => {
  const root = temporaryFolder();
  const own = entry();
  plant(root, {
    [`${RESULTS}/podnet-${ID}-eth0`]: JSON.stringify(own),
    [`${RESULTS}/cni-loopback-${ID}-lo`]: JSON.stringify(
      entry({ networkName: 'cni-loopback', ifName: 'lo' }),
    ),
    [`/var/lib/cni/cache/results/other-${ID}-eth0`]: JSON.stringify(entry({ networkName: 'other' })),
    [`${RESULTS}/a-truncated`]: JSON.stringify(own).slice(0, 100),
    [`${RESULTS}/b-empty`]: '',
    [`${RESULTS}/c-large`]: ' '.repeat(256 * 1024 + 1),
    [`${RESULTS}/d-folder/x`]: JSON.stringify(own),
    [`${RESULTS}/e\nline`]: '{',
    '/secret': JSON.stringify(own),
  });
  fs.symlinkSync('/secret', path.join(root, RESULTS, 'f-link'));
  fs.symlinkSync('/etc', path.join(root, RESULTS, 'g-etc'));
  fs.symlinkSync('../run', path.join(root, 'var/run'));
  const { status, value, problems } = await look(root);
  expect([status, problems]).toEqual(['complete', undefined]);
  expect(value.folders).toEqual([RESULTS, '/var/lib/cni/cache/results']);
  expect(states(value)).toEqual([
    ['a-truncated', 'malformed'],
    ['b-empty', 'empty'],
    ['c-large', 'malformed'],
    [`cni-loopback-${ID}-lo`, 'whole'],
    ['d-folder', 'foreign'],
    ['e\nline', 'malformed'],
    ['f-link', 'foreign'],
    ['g-etc', 'foreign'],
    [`podnet-${ID}-eth0`, 'whole'],
    [`other-${ID}-eth0`, 'whole'],
  ]);
  const podnet = value.entries.find(({ network }) => network === 'podnet');
  expect(podnet?.netns).toBe(NETNS.slice('/var'.length));
  expect(podnet?.mtime).toBe(fs.statSync(path.join(root, podnet?.path ?? '')).mtimeMs);
  expect(value.ipamFolders).toEqual([{ path: '/srv/ipam/podnet', network: 'podnet' }]);
  expect(JSON.stringify(value)).not.toContain('hush');
});

test('a namespace path whose links lead in circles stays as it is', async () => {
  const root = temporaryFolder();
  plant(root, { [`${RESULTS}/x`]: JSON.stringify(entry({ netns: '/a/netns' })) });
  fs.symlinkSync('/b', path.join(root, 'a'));
  fs.symlinkSync('/a', path.join(root, 'b'));
  const { value } = await look(root);
  expect(value.entries[0]?.netns).toBe('/a/netns');
});

test('more files than anybody has are not all read, and that is said', async () => {
  const root = temporaryFolder();
  plant(root, { [`${RESULTS}/n-0`]: '{}' });
  for (let i = 1; i < 21_000; i += 1)
    fs.linkSync(path.join(root, RESULTS, 'n-0'), path.join(root, RESULTS, `n-${i % 2}-${i}`));
  const { status, value, problems } = await look(root);
  expect(status).toBe('partial');
  expect(value.entries).toHaveLength(20_000);
  expect(problems?.map((p) => p.code)).toEqual(['truncated']);
});

test('what went away or changed meanwhile is not confirmed; what somebody lists is not looked at again', async () => {
  const root = temporaryFolder();
  const file = (name: string) => path.join(root, RESULTS, name);
  plant(root, {
    [`${RESULTS}/changed`]: '{',
    [`${RESULTS}/gone`]: '',
    [`${RESULTS}/listed`]: JSON.stringify(entry()),
    [`${RESULTS}/replaced`]: '{',
    [`${RESULTS}/stays`]: '{',
  });
  const meanwhile: Collector<'sandboxes'> = {
    fact: 'sandboxes',
    summary: 'given',
    timeoutMs: 1000,
    after: ['cniCache'],
    collect() {
      for (const name of ['gone', 'listed', 'replaced']) fs.rmSync(file(name));
      fs.symlinkSync('stays', file('replaced'));
      fs.utimesSync(file('changed'), 1, 1);
      return complete([{ id: ID } as Sandbox]);
    },
  };
  const { value } = await look(root, meanwhile);
  expect(value.entries.map((e) => [path.basename(e.path), e.confirmed])).toEqual([
    ['changed', false],
    ['gone', false],
    ['listed', true],
    ['replaced', false],
    ['stays', true],
  ]);
});
