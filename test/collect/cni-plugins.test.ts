import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cniPluginsCollector, neededPlugins } from '../../src/collect/cni-plugins.ts';
import { machineOf } from '../../src/collect/elf.ts';
import { pluginNeeds } from '../../src/collect/plugin-needs.ts';
import type { Facts } from '../../src/model/facts.ts';
import { lookAt } from '../support/look-at.ts';
import { emptyNode } from '../support/node.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { given } from './given.ts';

async function look(node: Facts, root = '') {
  const { cniConf, cniCache, runtime } = node;
  const known = [given('cniConf', cniConf), given('cniCache', cniCache), given('runtime', runtime)];
  const { cniPlugins } = await lookAt(root, [...known, cniPluginsCollector], ['cniPlugins']);
  if (!cniPlugins || !('value' in cniPlugins)) throw new Error(JSON.stringify(cniPlugins));
  return Object.fromEntries(cniPlugins.value.plugins.map((plugin) => [plugin.type, plugin]));
}

/** A plugin that says what it speaks, and leaves a trace of having been asked. */
function speaking(folder: string, type: string, versions: string, mode = 0o755): void {
  const said = `{"cniVersion":"1.0.0","supportedVersions":[${versions}]}`;
  fs.writeFileSync(path.join(folder, type), `#!/bin/sh\ntouch ${folder}/${type}.asked\necho '${said}'\n`);
  fs.chmodSync(path.join(folder, type), mode);
}

function nodeWith(folder: string, versions: string[]): Facts {
  const node = emptyNode();
  node.cniConf.binDirs = [folder];
  const [file] = node.cniConf.files;
  if (file) file.versions = versions;
  return node;
}

test('who needs which plugin: configuration, delegates, cache, and the loopback of containerd alone', () => {
  const { cniConf, cniCache, runtime } = emptyNode();
  const types = (facts: Pick<Facts, 'cniConf' | 'cniCache'>, by: Facts['runtime']) =>
    [...neededPlugins(facts.cniConf, facts.cniCache, by).keys()].sort();
  expect(types({ cniConf, cniCache }, runtime)).toEqual(['bridge', 'host-local', 'loopback', 'portmap']);
  expect(types({ cniConf, cniCache }, { ...runtime, internalLoopback: true })).not.toContain('loopback');
  expect(types({ cniConf, cniCache }, { ...runtime, name: 'cri-o' })).not.toContain('loopback');
  const other = { type: 'ptp', bridge: null, ipam: null };
  const cached = { ...cniCache, configs: [{ network: 'old', plugins: [other] }] };
  expect(types({ cniConf: { ...cniConf, winner: null }, cniCache: cached }, runtime)).toEqual([
    'loopback',
    'ptp',
  ]);
});

test('flannel hands over to the bridge and host-local unless it is told others; Multus to those that it lists', () => {
  expect(pluginNeeds({ type: 'flannel' }).delegates).toEqual(['bridge', 'host-local']);
  const delegate = { type: 'ipvlan', ipam: { type: 'static' } };
  expect(pluginNeeds({ type: 'flannel', delegate }).delegates).toEqual(['ipvlan', 'static']);
  const delegates = [
    { plugins: [{ type: 'calico', ipam: { type: 'calico-ipam' } }, 7] },
    null,
    { type: 'macvlan' },
  ];
  expect(pluginNeeds({ type: 'multus', delegates }).delegates).toEqual(['calico', 'calico-ipam', 'macvlan']);
  expect(pluginNeeds({ type: 'x', delegates: 'y', kubeconfig: 7 })).toEqual({});
});

test('settings that name files are kept; secrets beside them are not', () => {
  const kubernetes = { kubeconfig: '/etc/k', k8s_auth_token: 'hush' };
  const plugin = {
    type: 'calico',
    kubernetes,
    nodename_file_optional: true,
    dataDir: 'relative',
    token: 'hush',
  };
  expect(pluginNeeds(plugin)).toEqual({ files: { kubeconfig: '/etc/k', nodename_file: '' } });
});

test('the first regular file counts, whatever its mode; folders are passed over, links followed', async () => {
  const root = temporaryFolder();
  const bin = (name: string) => path.join(root, name);
  for (const folder of ['a/bridge', 'b', 'c']) fs.mkdirSync(bin(folder), { recursive: true });
  fs.writeFileSync(bin('b/bridge'), 'x', { mode: 0o644 });
  fs.writeFileSync(bin('c/bridge'), '#!/bin/sh\n', { mode: 0o755 });
  fs.writeFileSync(bin('c/real'), '#!/bin/sh\n', { mode: 0o755 });
  fs.symlinkSync('real', bin('c/host-local'));
  fs.symlinkSync('nowhere', bin('c/portmap'));
  const node = emptyNode();
  node.cniConf.binDirs = ['/a', '/b', '/c', '/gone'];
  const found = await look(node, root);
  expect(found.bridge).toMatchObject({ path: '/b/bridge', executable: false, machine: '' });
  expect(found['host-local']).toMatchObject({ path: '/c/host-local', executable: true, machine: 'script' });
  expect([found.portmap?.path, found.loopback?.path]).toEqual([null, null]);
});

describe('versions', () => {
  test('are not asked for where all plugins speak them', async () => {
    const folder = temporaryFolder();
    speaking(folder, 'bridge', '"0.4.0"');
    for (const versions of [[], ['0.4.0'], ['1.0.0']]) {
      expect((await look(nodeWith(folder, versions))).bridge?.versions).toBeNull();
    }
    expect(fs.existsSync(`${folder}/bridge.asked`)).toBe(false);
  });

  test('are asked for where the configuration is ahead, of those of root alone', async () => {
    const folder = temporaryFolder();
    speaking(folder, 'bridge', '"0.4.0", "1.0.0"');
    speaking(folder, 'portmap', '"0.4.0"', 0o777);
    speaking(folder, 'loopback', '"0.4.0"');
    const found = await look(nodeWith(folder, ['9.0.0']));
    const own = process.getuid?.() === 0 ? ['0.4.0', '1.0.0'] : null;
    expect(found.bridge?.versions).toEqual(own);
    expect([found.portmap?.versions, found.loopback?.versions]).toEqual([null, null]);
    expect(fs.existsSync(`${folder}/portmap.asked`)).toBe(false);
  });

  test('of 1.1.0 are not asked for where containerd 2 tried them and is content', async () => {
    const folder = temporaryFolder();
    speaking(folder, 'bridge', '"1.0.0"');
    const node = nodeWith(folder, ['1.1.0']);
    await look(node);
    expect(fs.existsSync(`${folder}/bridge.asked`)).toBe(false);
    node.runtime.version = '1.7.24';
    await look(node);
    expect(fs.existsSync(`${folder}/bridge.asked`)).toBe(process.getuid?.() === 0);
  });
});

test('a machine is read from the header; what is cut or none tells nothing', () => {
  const elf = (data: number, machine: number[]) =>
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, data, ...Array<number>(12).fill(0), ...machine]);
  expect(machineOf(elf(1, [62, 0]))).toBe('x64');
  expect(machineOf(elf(1, [183, 0]))).toBe('arm64');
  expect(machineOf(elf(2, [0, 22]))).toBe('s390x');
  expect(machineOf(elf(1, [9, 9]))).toBe('machine 2313');
  expect(machineOf(elf(1, [62, 0]).subarray(0, 19))).toBe('');
  expect(machineOf(Buffer.from('#!'))).toBe('script');
  expect(machineOf(Buffer.alloc(0))).toBe('');
});

test('a plugin that is a link to one program for all, as k3s has them, is there', async () => {
  const folder = temporaryFolder();
  speaking(folder, 'cni', '"1.0.0"');
  fs.symlinkSync(path.join(folder, 'cni'), path.join(folder, 'bridge'));
  const { bridge } = await look(nodeWith(folder, ['1.0.0']));
  expect(bridge).toMatchObject({ path: `${folder}/bridge`, executable: true, machine: 'script' });
});
