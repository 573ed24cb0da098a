import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Attachment, askingFor, podArgs } from '../../src/cni/attachment.ts';
import { readCache } from '../../src/cni/cache.ts';
import { check } from '../../src/cni/check.ts';
import type { Network } from '../../src/cni/conf.ts';
import { CniError } from '../../src/cni/error.ts';
import { negotiate, pluginVersions } from '../../src/cni/negotiate.ts';
import { add, del } from '../../src/cni/network.ts';
import { type Lab, networkOf, openLab } from './lab.ts';

let lab: Lab;
let before: Record<string, string[]>;

beforeEach(async () => {
  lab = await openLab();
  // A parent for macvlan.
  await lab.inside(['ip', 'link', 'add', 'parent0', 'type', 'bridge']);
  await lab.inside(['ip', 'link', 'set', 'parent0', 'up']);
  before = await lab.traces();
});
afterEach(async () => {
  try {
    expect(await lab.traces()).toEqual(before);
  } finally {
    await lab.close();
  }
});

const ipam = (subnet: string) => ({
  type: 'host-local',
  dataDir: `${lab.dir}/ipam`,
  ranges: [[{ subnet }]],
  routes: [{ dst: '0.0.0.0/0' }],
});

async function attachment(id: string): Promise<Attachment> {
  const args = podArgs({ namespace: 'default', name: 'web', id, uid: 'u-1' });
  return { containerId: id, netns: await lab.makePod(), ifName: 'eth0', args };
}

/** Adds, runs `use`, checks, deletes twice, and looks that the interface is gone. */
async function throughLife(network: Network, pod: Attachment, use: (address: string) => Promise<void>) {
  const { result } = await add(lab.runtime, network, pod);
  const inside = result.interfaces.findIndex((one) => one.sandbox === pod.netns);
  const ip = result.ips.find((one) => one.interface === inside);
  const shown = await lab.inside(['ip', '-o', 'addr', 'show', 'dev', 'eth0'], pod.netns);
  expect(shown).toContain(`inet ${ip?.address}`);
  await use(ip?.address.replace(/\/.*/, '') ?? '');
  expect(await check(lab.runtime, network, pod)).toBe('passed');
  await del(lab.runtime, network, pod);
  await del(lab.runtime, network, { ...pod, netns: '' });
  expect(await lab.inside(['ip', '-o', 'link'], pod.netns)).not.toContain('eth0');
}

const reach = (address: string) => lab.inside(['ping', '-c', '1', '-W', '5', address]).then(() => {});

/** The bridge stays when its last pod goes: that is how the plugin is. */
const dropBridge = (name: string) => lab.inside(['ip', 'link', 'del', name]);

it('bridge, portmap, firewall and tuning with host-local', async () => {
  const network = networkOf({
    cniVersion: '1.0.0',
    name: 'lab-bridge',
    plugins: [
      { type: 'bridge', bridge: 'lab0', isGateway: true, ipMasq: true, ipam: ipam('10.213.1.0/24') },
      { type: 'portmap', capabilities: { portMappings: true }, snat: true },
      { type: 'firewall' },
      { type: 'tuning', capabilities: { mac: true }, sysctl: { 'net.core.somaxconn': '500' } },
    ],
  });
  const pod = {
    ...(await attachment('bridge-1')),
    capabilityArgs: {
      mac: 'c2:11:22:33:44:66',
      portMappings: [{ hostPort: 18080, containerPort: 80, protocol: 'tcp' as const }],
    },
  };
  await throughLife(network, pod, async (address) => {
    await reach(address);
    const { rules = [] } = await lab.traces();
    expect(rules.join('\n')).toContain(`--to-destination ${address}:80`);
    expect(rules.join('\n')).toContain('MASQUERADE');
    expect(await lab.inside(['ip', 'link', 'show', 'eth0'], pod.netns)).toContain('c2:11:22:33:44:66');
  });
  await dropBridge('lab0');
  await removeChains();
});

it('asks for the same address again, also when other pods came in between', async () => {
  const network = networkOf({
    cniVersion: '1.0.0',
    name: 'lab-again',
    plugins: [{ type: 'bridge', bridge: 'lab1', isGateway: true, ipam: ipam('10.213.2.0/24') }],
  });
  const [first, second] = [await attachment('again-1'), await attachment('again-2')];
  const had = (await add(lab.runtime, network, first)).result.ips.map((ip) => ip.address);
  await del(lab.runtime, network, first);
  await add(lab.runtime, network, second);
  const again = await add(lab.runtime, network, askingFor(first, had));
  expect(again.result.ips.map((ip) => ip.address)).toEqual(had);
  const cached = readCache(lab.runtime.cacheDir, {
    network: 'lab-again',
    containerId: 'again-1',
    ifName: 'eth0',
  });
  if (cached.status !== 'found') throw new Error(cached.status);
  expect(cached.cached.attachment.args).toContainEqual(['IP', had[0]]);
  await expect(
    add(lab.runtime, network, askingFor({ ...second, ifName: 'eth1' }, had)),
  ).rejects.toMatchObject({
    kind: 'plugin-error',
    message: expect.stringMatching(
      /network lab-again \(.*conflist\): plugin bridge failed on ADD: .*10\.213\.2\.2/,
    ),
  });
  await del(lab.runtime, cached.cached.conf ?? network, cached.cached.attachment);
  await del(lab.runtime, network, second);
  await dropBridge('lab1');
});

it('refuses a second ADD of the same attachment and leaves the first alone', async () => {
  const network = networkOf({
    cniVersion: '1.0.0',
    name: 'lab-twice',
    plugins: [{ type: 'ptp', ipam: ipam('10.213.3.0/24') }],
  });
  const pod = await attachment('twice-1');
  await throughLife(network, pod, async (address) => {
    await expect(add(lab.runtime, network, pod)).rejects.toMatchObject({ kind: 'already-attached' });
    await reach(address);
  });
});

it('ptp with host-local, in versions from 0.3.1 to 1.0.0', async () => {
  for (const cniVersion of ['0.3.1', '0.4.0', '1.0.0']) {
    const network = networkOf(
      { cniVersion, name: 'lab-ptp', type: 'ptp', ipam: ipam('10.213.4.0/24') },
      { file: '/x.conf' },
    );
    const pod = await attachment(`ptp-${cniVersion}`);
    if (cniVersion === '0.3.1') {
      const { result } = await add(lab.runtime, network, pod);
      await reach(result.ips[0]?.address.replace(/\/.*/, '') ?? '');
      expect(await check(lab.runtime, network, pod)).toBe('unsupported');
      await del(lab.runtime, network, pod);
    } else {
      await throughLife(network, pod, reach);
    }
  }
});

it('macvlan with static IPAM', async () => {
  const network = networkOf({
    cniVersion: '1.0.0',
    name: 'lab-macvlan',
    plugins: [
      {
        type: 'macvlan',
        master: 'parent0',
        ipam: { type: 'static', addresses: [{ address: '10.213.5.9/24' }] },
      },
    ],
  });
  await throughLife(network, await attachment('macvlan-1'), async (address) =>
    expect(address).toBe('10.213.5.9'),
  );
});

it("ipvlan, or the plugin's own words where the kernel has none, and nothing left", async () => {
  const network = networkOf({
    cniVersion: '1.0.0',
    name: 'lab-ipvlan',
    plugins: [{ type: 'ipvlan', master: 'parent0', ipam: ipam('10.213.6.0/24') }],
  });
  const pod = await attachment('ipvlan-1');
  const failed = await add(lab.runtime, network, pod).then(
    () => null,
    (error: unknown) => error,
  );
  if (failed === null) return del(lab.runtime, network, pod);
  expect(failed).toBeInstanceOf(CniError);
  expect(failed).toMatchObject({
    kind: 'plugin-error',
    place: {
      network: 'lab-ipvlan',
      plugin: 'ipvlan',
      command: 'ADD',
      file: '/etc/cni/net.d/10-lab.conflist',
    },
    message: expect.stringContaining('plugin ipvlan failed on ADD: failed to create ipvlan'),
  });
});

it('CHECK names what is wrong', async () => {
  const network = networkOf({
    cniVersion: '1.0.0',
    name: 'lab-check',
    plugins: [{ type: 'ptp', ipam: ipam('10.213.7.0/24') }],
  });
  const pod = await attachment('check-1');
  await expect(check(lab.runtime, network, pod)).rejects.toMatchObject({ kind: 'not-attached' });
  await add(lab.runtime, network, pod);
  await lab.inside(['ip', 'addr', 'flush', 'dev', 'eth0'], pod.netns);
  await expect(check(lab.runtime, network, pod)).rejects.toMatchObject({
    kind: 'plugin-error',
    place: { plugin: 'ptp' },
  });
  expect(await check(lab.runtime, { ...network, disableCheck: true }, pod)).toBe('disabled');
  await del(lab.runtime, network, pod);
});

it('negotiates down to what the plugins speak', async () => {
  const plugins = [{ type: 'ptp', ipam: ipam('10.213.8.0/24') }];
  const both = networkOf({ cniVersions: ['1.0.0', '1.1.0'], name: 'lab-versions', plugins });
  expect(await pluginVersions(lab.runtime, 'host-local')).toContain('1.0.0');
  const agreed = await negotiate(lab.runtime, both);
  expect([both.cniVersion, agreed.cniVersion]).toEqual(['1.1.0', '1.0.0']);
  const pod = await attachment('versions-1');
  await throughLife(agreed, pod, reach);
  const only = networkOf({ cniVersion: '1.1.0', name: 'lab-versions', plugins });
  await expect(negotiate(lab.runtime, only)).rejects.toMatchObject({
    kind: 'unsupported-version',
    message: expect.stringMatching(
      /wants CNI 1\.1\.0, but plugin ptp speaks .*1\.0\.0; plugin host-local speaks/,
    ),
  });
  await expect(add(lab.runtime, only, pod)).rejects.toMatchObject({ place: { code: 1 } });
});

/** portmap and firewall keep their empty top chains for the next pod; they are the lab's own here. */
async function removeChains(): Promise<void> {
  const { rules = [] } = await lab.traces();
  expect(rules.filter((rule) => /10\.213\./.test(rule))).toEqual([]);
  for (const table of ['nat', 'filter']) {
    for (const flag of ['-F', '-X']) await lab.iptables(['-t', table, flag]);
  }
}
