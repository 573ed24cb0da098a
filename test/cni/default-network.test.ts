import { afterEach, beforeEach, expect, it } from 'vitest';
import { askingFor, podArgs } from '../../src/cni/attachment.ts';
import { check } from '../../src/cni/check.ts';
import {
  chooseSubnet,
  DEFAULT_PLUGINS,
  defaultNetwork,
  type NodeAddresses,
  subnetConflict,
} from '../../src/cni/default-network.ts';
import { availablePlugins } from '../../src/cni/find-plugin.ts';
import { add, del } from '../../src/cni/network.ts';
import { overlap, parseSubnet, subnetText } from '../../src/cni/subnet.ts';
import { type Lab, networkOf, openLab } from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const NODE: NodeAddresses = { routes: [], addresses: [], networks: [] };
const route = (dst: string, dev = 'eth0') => ({ dst, dev });
const plugin = (subnet: string) => ({ type: 'bridge', ipam: { type: 'host-local', ranges: [[{ subnet }]] } });

it.each([
  ['an empty node', {}, '10.87.0.0/24'],
  [
    'default routes, also one split in two',
    { routes: ['default', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'].map((r) => route(r)) },
    '10.87.0.0/24',
  ],
  ['a route to a part of it', { routes: [route('10.87.0.128/25')] }, '10.87.1.0/24'],
  ['an address', { addresses: [{ address: '10.87.0.7/32', dev: 'eth0' }] }, '10.87.1.0/24'],
  ['a wide route', { routes: [route('10.0.0.0/8')] }, '172.27.0.0/24'],
  ['two wide routes', { routes: [route('10.0.0.0/8'), route('172.16.0.0/12')] }, '192.168.128.0/24'],
  [
    'a CNI network',
    { networks: [networkOf({ name: 'x', cniVersion: '1.0.0', plugins: [plugin('10.87.0.0/20')] })] },
    '10.87.16.0/24',
  ],
  [
    'an IPv6 world',
    { routes: [route('fd00::/8')], addresses: [{ address: 'fe80::1/64', dev: 'eth0' }] },
    '10.87.0.0/24',
  ],
  [
    'our own bridge, network and route',
    {
      routes: [route('10.87.5.0/24', 'podctl0')],
      addresses: [{ address: '10.87.5.1/24', dev: 'podctl0' }],
      networks: [networkOf({ name: 'podctl', cniVersion: '1.0.0', plugins: [plugin('10.87.5.0/24')] })],
    },
    '10.87.5.0/24',
  ],
  [
    'our own bridge where somebody else came since',
    { routes: [route('10.87.5.0/24')], addresses: [{ address: '10.87.5.1/24', dev: 'podctl0' }] },
    '10.87.0.0/24',
  ],
])('chooses a subnet beside %s', (_, node, subnet) => {
  expect(chooseSubnet({ ...NODE, ...node })).toBe(subnet);
});

it('says what takes everything, or what one subnet overlaps', () => {
  const routes = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((dst) => route(dst));
  expect(() => chooseSubnet({ ...NODE, routes })).toThrow(
    /no free subnet for network podctl .* taken by route 10\.0\.0\.0\/8 by eth0, route 172\.16.*; use a network of your own/,
  );
  expect(subnetConflict('10.1.0.0/24', { ...NODE, routes })).toBe('route 10.0.0.0/8 by eth0');
  expect(subnetConflict('11.1.0.0/24', { ...NODE, routes })).toBeNull();
  expect(subnetConflict('x', NODE)).toBe('x is no IPv4 subnet');
});

it('knows networks', () => {
  expect(parseSubnet('255.255.255.255/32')).toEqual({ base: 0xffffffff, prefix: 32 });
  for (const text of ['10.0.0.0/33', '10.0.0', 'fd00::/8', 'default', '1.2.3.4/8/8', ''])
    expect(parseSubnet(text)).toBeNull();
  const subnet = parseSubnet('192.168.130.77/17');
  expect(subnet && subnetText(subnet)).toBe('192.168.128.0/17');
  expect(subnet && overlap(subnet, { base: 0, prefix: 0 })).toBe(true);
});

it('is made of the plugins that are there, and works: two pods reach each other, one gets its address again', async () => {
  const plugins = availablePlugins(DEFAULT_PLUGINS, lab.runtime.binFolders);
  const made = defaultNetwork({ plugins, iptables: true, stateDir: lab.dir, subnet: '10.87.9.0/24' });
  expect(made.missing).toEqual([]);
  expect(made.network.plugins.map((p) => p.type)).toEqual(['bridge', 'portmap', 'firewall']);
  const pods = await Promise.all(
    ['a', 'b'].map(async (id) => ({
      containerId: id,
      netns: await lab.makePod(),
      ifName: 'eth0',
      args: podArgs({ namespace: 'podctl', name: id, id }),
      capabilityArgs: {
        portMappings: [{ hostPort: id === 'a' ? 8080 : 8081, containerPort: 80, protocol: 'tcp' as const }],
      },
    })),
  );
  const [a, b] = pods;
  if (!a || !b) throw new Error('two pods');
  // One after the other: two portmaps that make their first chain at the same moment stumble over each other.
  const added = [await add(lab.runtime, made.network, a), await add(lab.runtime, made.network, b)];
  const addresses = added.map(({ result }) => result.ips[0]?.address ?? '');
  expect([...addresses].sort()).toEqual(['10.87.9.2/24', '10.87.9.3/24']);
  await lab.inside(['ping', '-c', '1', '-W', '5', (addresses[1] ?? '').replace('/24', '')], a.netns);
  for (const pod of pods) expect(await check(lab.runtime, made.network, pod)).toBe('passed');
  const { reservations } = await lab.traces();
  expect(reservations).toEqual(['podctl/10.87.9.2', 'podctl/10.87.9.3']);

  await del(lab.runtime, made.network, b);
  const again = await add(lab.runtime, made.network, askingFor(b, [addresses[1] ?? '']));
  expect(again.result.ips[0]?.address).toBe(addresses[1]);
  for (const pod of pods) await del(lab.runtime, made.network, pod);
  const left = await lab.traces();
  expect(left).toMatchObject({ reservations: [], cache: [] });
  expect(left.links?.filter((link) => link.startsWith('veth'))).toEqual([]);
  expect(left.rules?.filter((rule) => rule.includes('10.87.9.'))).toEqual([]);
});

it('does without what is not there, and says so; bridge and host-local are needed', async () => {
  const parts = { iptables: false, stateDir: lab.dir, subnet: '10.87.9.0/24' };
  const bare = defaultNetwork({ ...parts, plugins: new Set(['bridge', 'host-local', 'portmap']) });
  expect(bare.network.plugins.map((p) => p.type)).toEqual(['bridge']);
  expect(bare.missing).toEqual(['firewall', 'iptables']);
  const pod = { containerId: 'a', netns: await lab.makePod(), ifName: 'eth0' };
  const runtime = { ...lab.runtime, envPath: '/usr/bin:/bin' };
  await add(runtime, bare.network, pod);
  expect((await lab.traces()).rules).toEqual([]);
  await del(runtime, bare.network, pod);
  expect(() => defaultNetwork({ ...parts, plugins: new Set(['bridge']) })).toThrow(
    'network podctl needs the CNI plugin host-local, which is not there; install the CNI plugins',
  );
});
