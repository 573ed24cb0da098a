import { expect, test } from 'vitest';
import type { CniConfFile, Facts, Reservation } from '../../../src/model/facts.ts';
import { planOf } from '../../../src/remedy/gc/candidates.ts';
import { holdingsOf, limitsOf } from '../../../src/remedy/gc/holdings.ts';
import { emptyNode, id, NOW } from '../../support/node.ts';
import { candidate, lookedAt } from './candidate.ts';

const FOLDER = '/var/lib/cni/networks/podnet';
const ENTRY = `/var/lib/cni/results/podnet-${id('1')}-eth0`;

function node(ranges: { subnet: string; start: string; end: string }[], used = 3): Facts {
  const facts = emptyNode();
  facts.reservations.reservations = Array.from({ length: used }, (_, n): Reservation => {
    const address = `10.88.0.${n + 1}`;
    const path = `${FOLDER}/${address}`;
    const more = { ifName: 'eth0', mtime: NOW, state: 'whole' as const, confirmed: true };
    return { path, folder: FOLDER, network: 'podnet', address, containerId: id(`${n}`), ...more };
  });
  const ipam = { type: 'host-local', folder: FOLDER, ranges };
  const conf: CniConfFile = {
    path: '/etc/cni/net.d/10-podnet.conflist',
    name: 'podnet',
    cniVersion: '1.0.0',
    plugins: [{ type: 'bridge', bridge: 'cni0', ipam }],
    problem: '',
  };
  facts.cniConf.files = [conf];
  facts.cniCache.entries = [
    {
      path: ENTRY,
      state: 'whole',
      network: 'podnet',
      containerId: id('1'),
      ifName: 'eth0',
      netns: '',
      mtime: NOW,
      addresses: [],
      hostLinks: [],
      hasConfig: true,
      confirmed: true,
    },
  ];
  return facts;
}

const file = { dev: 1, ino: 2, sha256: '' };
const leaked = candidate({ id: `${FOLDER}/10.88.0.1` });
const released = candidate({
  kind: 'netns',
  subject: 'netns',
  id: '/run/netns/cni-1',
  actions: [
    { kind: 'release-attachment', entry: ENTRY, file, netns: '', binDirs: [] },
    { kind: 'unpin', path: '/run/netns/cni-1', ns: '4:1' },
    { kind: 'unpin', path: '/run/netns/bare', ns: null },
    { kind: 'signal', process: { pid: 7, startTicks: 1 }, signal: 9, what: 'pause', waitMs: 1 },
    { kind: 'signal', process: { pid: 7, startTicks: 1 }, signal: 0, what: 'pause', waitMs: 1 },
  ],
});

test('what a plan gives back: addresses by file and by DEL, mounts, processes', () => {
  const facts = node([{ subnet: '10.88.0.0/24', start: '', end: '' }]);
  const pin = { type: 'net' as const, ns: '4:1' as const, confirmed: true, scheme: 'containerd' as const };
  facts.pins.pins.push({ ...pin, path: '/run/netns/cni-1', mounts: 2 });
  const look = lookedAt(facts);
  const holds = (of: typeof leaked) => {
    const plan = planOf(of);
    if (!plan) throw new Error('it has a plan');
    return holdingsOf(plan, look);
  };
  expect(holds(leaked)).toEqual({ addresses: ['10.88.0.1'], mounts: 0, processes: [] });
  expect(holds(released)).toEqual({ addresses: ['10.88.0.2'], mounts: 2, processes: [7] });
  expect(limitsOf([leaked, released], look)).toEqual([{ network: 'podnet', used: 3, of: 253, leaked: 2 }]);
  expect(limitsOf([], look)).toEqual([]);
});

test.each([
  [[{ subnet: '10.88.0.0/16', start: '', end: '' }], 65_533],
  [[{ subnet: '10.88.0.77/24', start: '', end: '' }], 253],
  [[{ subnet: '10.88.0.0/24', start: '10.88.0.10', end: '10.88.0.19' }], 10],
  [
    [
      { subnet: '10.88.0.0/30', start: '', end: '' },
      { subnet: '10.89.0.0/30', start: '', end: '' },
    ],
    2,
  ],
  [[], null],
  [[{ subnet: 'fd00::/64', start: '', end: '' }], null],
  [[{ subnet: '10.0.0.0/4', start: '', end: '' }], null],
  [[{ subnet: '10.88.0.0/24', start: '10.88.0.9', end: '10.88.0.3' }], null],
])('a network of %j has %j addresses to give, its gateway not among them', (ranges, of) => {
  expect(limitsOf([leaked], lookedAt(node(ranges)))).toEqual([{ network: 'podnet', used: 3, of, leaked: 1 }]);
});
