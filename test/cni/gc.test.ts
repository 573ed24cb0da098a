import fs from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gc, status } from '../../src/cni/gc.ts';
import { add } from '../../src/cni/network.ts';
import { networkOf } from './lab.ts';
import { openStubs, type Stubs, sampleResult } from './stub.ts';

let stubs: Stubs;
beforeEach(() => {
  stubs = openStubs();
});
afterEach(() => stubs.close());

const conf = { cniVersion: '1.1.0', name: 'net', plugins: [{ type: 'one' }, { type: 'two' }] };
const pod = (containerId: string, ifName = 'eth0') => ({ containerId, netns: '/run/netns/x', ifName });
const VALID = [{ containerId: 'alive', ifName: 'eth0' }];
const INJECTED = [{ containerID: 'alive', ifname: 'eth0' }];

async function threePods() {
  for (const name of ['one', 'two']) stubs.recorder(name, sampleResult('10.9.0.2/24', '/run/netns/x'));
  await add(stubs.runtime, networkOf(conf), pod('alive'));
  await add(stubs.runtime, networkOf(conf), pod('alive', 'eth1'));
  await add(stubs.runtime, networkOf({ ...conf, name: 'net-2' }), pod('other'));
  fs.rmSync(`${stubs.dir}/calls`);
}

const asked = () => stubs.calls().map(({ plugin, command, env }) => `${plugin} ${command} ${env.CNI_IFNAME}`);

it('sends DEL for stale attachments of that network alone, then GC with the valid ones', async () => {
  await threePods();
  fs.writeFileSync(`${stubs.dir}/cache/results/net-cut-eth0`, '');
  const collected = await gc(stubs.runtime, networkOf(conf), VALID);
  expect(collected).toEqual({
    removed: [{ network: 'net', containerId: 'alive', ifName: 'eth1' }],
    unreadable: [
      {
        file: `${stubs.dir}/cache/results/net-cut-eth0`,
        reason: `${stubs.dir}/cache/results/net-cut-eth0 is empty: its writer was cut off`,
      },
    ],
    asked: 'plugins',
  });
  expect(asked()).toEqual(['two DEL eth1', 'one DEL eth1', 'one GC ', 'two GC ']);
  const [first] = stubs.calls().filter((call) => call.command === 'GC');
  expect(first?.conf).toEqual({
    type: 'one',
    name: 'net',
    cniVersion: '1.1.0',
    'cni.dev/valid-attachments': INJECTED,
    'cni.dev/attachments': INJECTED,
  });
  expect(first?.env).toMatchObject({
    CNI_CONTAINERID: '',
    CNI_NETNS: '',
    CNI_ARGS: '',
    CNI_PATH: `${stubs.dir}/bin`,
  });
  expect(fs.readdirSync(`${stubs.dir}/cache/results`)).toEqual([
    'net-2-other-eth0',
    'net-alive-eth0',
    'net-cut-eth0',
  ]);
});

it('does nothing where the configuration forbids it, and no GC below 1.1', async () => {
  await threePods();
  expect(await gc(stubs.runtime, networkOf({ ...conf, disableGC: true }), [])).toMatchObject({
    asked: 'disabled',
  });
  expect(asked()).toEqual([]);
  expect(await gc(stubs.runtime, networkOf({ ...conf, cniVersion: '1.0.0' }), VALID)).toMatchObject({
    asked: 'unsupported',
  });
  expect(asked()).toEqual(['two DEL eth1', 'one DEL eth1']);
});

it('asks every plugin although one fails, and tells all that failed', async () => {
  await threePods();
  stubs.plugin('one', `echo '{"code":100,"msg":"no '$CNI_COMMAND'"}'; exit 1`);
  await expect(gc(stubs.runtime, networkOf(conf), VALID)).rejects.toMatchObject({
    kind: 'several',
    parts: [
      { place: { plugin: 'one', command: 'DEL' } },
      { place: { plugin: 'one', command: 'GC', code: 100 } },
    ],
  });
  expect(asked()).toEqual(['two DEL eth1', 'two GC ']);
  expect(fs.readdirSync(`${stubs.dir}/cache/results`)).toContain('net-alive-eth1');
});

it('STATUS stops at the first plugin that cannot serve, and says with which code', async () => {
  stubs.recorder('one', {});
  stubs.recorder('two', {});
  expect(await status(stubs.runtime, networkOf(conf))).toBe('ready');
  expect(stubs.calls().map(({ command, conf: got }) => [command, got])).toEqual([
    ['STATUS', { type: 'one', name: 'net', cniVersion: '1.1.0' }],
    ['STATUS', { type: 'two', name: 'net', cniVersion: '1.1.0' }],
  ]);
  stubs.plugin('one', `echo '{"cniVersion":"1.1.0","code":50,"msg":"no addresses"}'; exit 1`);
  await expect(status(stubs.runtime, networkOf(conf))).rejects.toMatchObject({
    kind: 'plugin-error',
    place: { plugin: 'one', command: 'STATUS', code: 50 },
    message: expect.stringContaining(
      'failed on STATUS: no addresses (CNI error 50); see what the plugin needs',
    ),
  });
  expect(await status(stubs.runtime, networkOf({ ...conf, cniVersion: '1.0.0' }))).toBe('unsupported');
});
