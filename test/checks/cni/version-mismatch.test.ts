import { expect, test } from 'vitest';
import check from '../../../checks/cni/version-mismatch.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { emptyNode, judge } from '../../support/node.ts';
import { said, WINNER, withoutNetwork } from './network.ts';

const OLD = ['0.4.0', '1.0.0'];

function wanting(node: Facts, version: string, spoken: string[] | null): Facts {
  const [file] = node.cniConf.files;
  if (file) file.cniVersion = version;
  for (const plugin of node.cniPlugins.plugins) if (plugin.type === 'bridge') plugin.versions = spoken;
  return node;
}

test('plugins that were not asked, or speak the version, have no finding', async () => {
  expect(await judge(check, emptyNode())).toMatchObject({ verdict: 'pass' });
  expect(await said(check, wanting(emptyNode(), '1.0.0', OLD))).toEqual([]);
});

test('a plugin that does not speak the version is named with those that it speaks', async () => {
  expect(await said(check, wanting(emptyNode(), '1.1.0', OLD))).toEqual([
    `error: ${WINNER} asks for CNI 1.1.0, but the plugin bridge speaks 0.4.0, 1.0.0`,
  ]);
});

test('what the runtime has loaded counts, not what else the file names', async () => {
  const node = wanting(emptyNode(), '1.1.0', OLD);
  node.runtime.cniNetworks = [{ name: 'podnet', cniVersion: '1.0.0' }];
  expect(await said(check, node)).toEqual([]);
});

test('a delegate is called with a version of its own', async () => {
  const node = wanting(emptyNode(), '1.1.0', OLD);
  for (const { neededBy } of node.cniPlugins.plugins) for (const need of neededBy) need.role = 'delegate';
  expect(await said(check, node)).toEqual([]);
});

test('the text of plugins that do not know STATUS is decisive where they could not be asked', async () => {
  const node = wanting(withoutNetwork('Network plugin returns error: missing containerID'), '1.1.0', null);
  expect(await said(check, node)).toEqual([
    `error: ${WINNER} asks for CNI 1.1.0, and containerd reports "Network plugin returns error: missing containerID": a plugin does not know that version`,
  ]);
  expect(await said(check, wanting(withoutNetwork('cni plugin not initialized'), '1.1.0', null))).toEqual([]);
});
