import { expect, test } from 'vitest';
import check from '../../../checks/cni/plugin-missing.ts';
import type { CniPlugin, Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, judge } from '../../support/node.ts';
import { said } from './network.ts';

function change(type: string, more: Partial<CniPlugin>): Facts {
  const node = emptyNode();
  node.cniPlugins.plugins = node.cniPlugins.plugins.map((p) => (p.type === type ? { ...p, ...more } : p));
  return node;
}

const GONE = { path: null, executable: false, machine: '', mtime: 0 };

test('plugins that can be run have no finding: scripts and 32 bit programs can', async () => {
  expect(await judge(check, emptyNode())).toMatchObject({ verdict: 'pass' });
  for (const machine of ['script', '', 'ia32'])
    expect(await said(check, change('bridge', { machine }))).toEqual([]);
});

test('each fault is named, with who needs the plugin', async () => {
  expect(await said(check, change('loopback', GONE))).toEqual([
    'error: the CNI plugin loopback, which containerd runs in every sandbox, is in none of /opt/cni/bin: no pod gets a network',
  ]);
  expect(await said(check, change('host-local', { executable: false }))).toEqual([
    'error: the CNI plugin /opt/cni/bin/host-local, which gives addresses, is not executable: no pod gets a network',
  ]);
  expect(await said(check, change('bridge', { machine: 'arm64' }))).toEqual([
    'error: the CNI plugin /opt/cni/bin/bridge is for arm64, and this node is x64',
  ]);
});

test('a plugin that another one hands over to is needed as well', async () => {
  const neededBy = [{ from: 'configuration', network: 'podnet', role: 'delegate' }] as const;
  expect(await said(check, change('bridge', { ...GONE, neededBy: [...neededBy] }))).toEqual([
    'error: the CNI plugin bridge, which another plugin hands over to, is in none of /opt/cni/bin: no pod gets a network',
  ]);
});

test('the network is told, by which what is left behind is explained', async () => {
  const { findings } = await judge(check, change('loopback', GONE));
  expect(findings).toMatchObject([{ data: { network: 'podnet', plugin: 'loopback' } }]);
});

test('plugins of cached configurations matter while a sandbox of their network is listed', async () => {
  const neededBy = [{ from: 'cache', network: 'old', role: 'plugin' }] as const;
  const node = change('bridge', { ...GONE, neededBy: [...neededBy] });
  expect(await said(check, node)).toEqual([]);
  const { id } = addPod(node, 1, 'web').sandbox;
  for (const entry of node.cniCache.entries) if (entry.containerId === id) entry.network = 'old';
  expect(await said(check, node)).toEqual([
    'info: bridge is gone, by which pods of the network old were attached: what they hold may stay behind',
  ]);
});
