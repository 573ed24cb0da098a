import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Attachment, podArgs } from '../../src/cni/attachment.ts';
import { check } from '../../src/cni/check.ts';
import { pluginVersions } from '../../src/cni/negotiate.ts';
import { add, del } from '../../src/cni/network.ts';
import { binFolders, pluginPath } from '../../src/cni/runtime.ts';
import { networkOf } from './lab.ts';
import { openStubs, type Stubs, sampleResult } from './stub.ts';

let stubs: Stubs;
beforeEach(() => {
  stubs = openStubs();
});
afterEach(() => stubs.close());

const NETNS = '/run/netns/cni-1';
const pod: Attachment = {
  containerId: 'c1',
  netns: NETNS,
  ifName: 'eth0',
  args: podArgs({ namespace: 'ns', name: 'web', id: 'c1' }),
  capabilityArgs: {
    portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
    mac: 'c2:11:22:33:44:66',
    aliases: ['db'],
  },
  cniArgs: { labels: [{ key: 'app', value: 'x' }] },
};

it('derives what each plugin gets as the specification says', async () => {
  const [one, two] = [sampleResult('10.9.0.2/24', NETNS), sampleResult('10.9.0.3/24', NETNS)];
  stubs.recorder('one', one);
  stubs.recorder('two', two);
  const network = networkOf({
    cniVersion: '1.1.0',
    name: 'spec',
    plugins: [
      {
        type: 'one',
        capabilities: { portMappings: true, mac: false, bandwidth: true },
        runtimeConfig: { stale: 1 },
        prevResult: { stale: 1 },
        'cni.dev/attachments': [],
        args: { other: 1, cni: { own: 2 } },
        keyA: { kept: ['as', 'it', 'is'] },
      },
      { type: 'two', name: 'ignored', cniVersion: '0.1.0', capabilities: { mac: true } },
    ],
  });
  process.env.CNI_COMMAND = 'inherited';
  process.env.PODCTL_TEST_SECRET = 'x';
  const { raw, result } = await add(stubs.runtime, network, pod);
  delete process.env.CNI_COMMAND;
  delete process.env.PODCTL_TEST_SECRET;
  expect(raw).toEqual(two);
  expect(result.ips).toEqual([{ address: '10.9.0.3/24', gateway: '10.9.0.1', interface: 0 }]);
  expect(await check(stubs.runtime, network, pod)).toBe('passed');
  await del(stubs.runtime, network, pod);

  const calls = stubs.calls();
  expect(calls.map((call) => call.plugin + call.command)).toEqual([
    'oneADD',
    'twoADD',
    'oneCHECK',
    'twoCHECK',
    'twoDEL',
    'oneDEL',
  ]);
  const args = { cni: { labels: [{ key: 'app', value: 'x' }] } };
  const forOne = {
    type: 'one',
    name: 'spec',
    cniVersion: '1.1.0',
    args: { other: 1, cni: { own: 2, ...args.cni } },
    keyA: { kept: ['as', 'it', 'is'] },
    runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }] },
  };
  const forTwo = {
    type: 'two',
    name: 'spec',
    cniVersion: '1.1.0',
    args,
    runtimeConfig: { mac: 'c2:11:22:33:44:66' },
  };
  expect(calls.map((call) => call.conf)).toEqual([
    forOne,
    { ...forTwo, prevResult: one },
    { ...forOne, prevResult: two },
    { ...forTwo, prevResult: two },
    { ...forTwo, prevResult: two },
    { ...forOne, prevResult: two },
  ]);
  for (const { env, command } of calls) {
    const { PWD: _, SHLVL: __, OLDPWD: ___, ...given } = env;
    expect({ ...given, _: undefined }).toEqual({
      CNI_COMMAND: command,
      CNI_CONTAINERID: 'c1',
      CNI_NETNS: NETNS,
      CNI_IFNAME: 'eth0',
      CNI_ARGS: 'IgnoreUnknown=1;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=c1',
      CNI_PATH: `${stubs.dir}/bin`,
      PATH: '/usr/bin:/bin',
    });
  }
});

it('speaks older versions: prevResult in their shape, none for DEL before 0.4.0', async () => {
  const old = {
    cniVersion: '0.3.1',
    interfaces: [{ name: 'eth0', sandbox: NETNS }],
    ips: [{ version: '4', address: '10.9.0.2/24', gateway: '10.9.0.1', interface: 0 }],
    dns: {},
  };
  stubs.recorder('one', old);
  const network = networkOf(
    { cniVersion: '0.3.1', name: 'old', type: 'one' },
    { file: '/etc/cni/net.d/old.conf' },
  );
  await add(stubs.runtime, network, pod);
  expect(await check(stubs.runtime, network, pod)).toBe('unsupported');
  // The configuration was raised while the pod ran.
  const raised = { ...network, cniVersion: '1.0.0' as const };
  await check(stubs.runtime, raised, pod);
  await del(stubs.runtime, network, pod);
  const [, atCheck, atDel] = stubs.calls().map((call) => call.conf.prevResult);
  expect(atCheck).toEqual({
    ...old,
    cniVersion: '1.0.0',
    ips: [{ address: '10.9.0.2/24', gateway: '10.9.0.1', interface: 0 }],
    routes: [],
  });
  expect(atDel).toBeUndefined();
});

it.each([
  [{ containerId: '' }, 'container id "" is not valid'],
  [{ containerId: '../x' }, 'container id "../x" is not valid'],
  [{ containerId: 'c'.repeat(220) }, 'too long together'],
  [{ ifName: 'e/0' }, 'interface name "e/0" is not valid'],
  [{ ifName: 'sixteen-letters-' }, 'interface name "sixteen-letters-" is not valid'],
  [{ netns: 'relative' }, 'network namespace "relative" is no absolute path'],
  [{ args: [['A', 'b;IP=1.2.3.4']] as [string, string][] }, 'CNI argument A may hold no ";"'],
  [{ args: [['A B', 'c']] as [string, string][] }, 'CNI argument "A B" is not alphanumeric'],
])('refuses %j before anything runs', async (change, words) => {
  stubs.recorder('one', sampleResult('10.9.0.2/24', NETNS));
  const network = networkOf({ cniVersion: '1.1.0', name: 'spec', plugins: [{ type: 'one' }] });
  await expect(add(stubs.runtime, network, { ...pod, ...change })).rejects.toMatchObject({
    kind: 'bad-argument',
    message: expect.stringContaining(words),
  });
  expect(stubs.calls()).toEqual([]);
});

it('reads what VERSION says, from plugins of all ages', async () => {
  stubs.recorder('new', {});
  stubs.plugin('oldest', `echo '{"code":100,"msg":"unknown CNI_COMMAND: VERSION"}'; exit 1`);
  stubs.plugin('mute', 'true');
  expect(await pluginVersions(stubs.runtime, 'new')).toEqual(['1.0.0', '1.1.0']);
  expect(stubs.calls()[0]).toMatchObject({
    command: 'VERSION',
    conf: { cniVersion: '1.1.0' },
    env: { CNI_NETNS: 'dummy', CNI_IFNAME: 'dummy' },
  });
  expect(await pluginVersions(stubs.runtime, 'oldest')).toEqual(['0.1.0']);
  await expect(pluginVersions(stubs.runtime, 'mute')).rejects.toMatchObject({
    kind: 'garbage',
    message: 'plugin mute names no versions on VERSION; replace the plugin',
  });
});

it('takes plugin folders from the caller, CNI_PATH or custom, and never relative ones', () => {
  expect(binFolders(['/a', '/a', 'b'], '/c')).toEqual(['/a']);
  expect(binFolders([], '/c:./d::/e')).toEqual(['/c', '/e']);
  expect(binFolders([], undefined)).toEqual(['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni']);
  expect(pluginPath('/x:.:/usr/bin')).toBe('/x:/usr/bin:/usr/sbin:/sbin:/bin');
});
