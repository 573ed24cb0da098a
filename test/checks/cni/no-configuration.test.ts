import { expect, test } from 'vitest';
import check from '../../../checks/cni/no-configuration.ts';
import { emptyNode, judge, NOW } from '../../support/node.ts';
import { FOLDER, said, WINNER, withoutNetwork } from './network.ts';

const NONE = `cni config load failed: no network config found in ${FOLDER}: cni plugin not initialized`;

function empty() {
  const node = withoutNetwork('cni plugin not initialized', NONE);
  node.cniConf = { ...node.cniConf, files: [], winner: null };
  return node;
}

test('a node with a network, and one whose file is not missed, have no finding', async () => {
  expect(await judge(check, emptyNode())).toMatchObject({ verdict: 'pass' });
  const node = emptyNode();
  node.cniConf.files = [];
  expect(await said(check, node)).toEqual([]);
});

test('an empty folder is named, with what the runtime says', async () => {
  const { findings } = await judge(check, empty());
  expect(findings).toMatchObject([
    {
      severity: 'error',
      message: `${FOLDER} holds no network configuration: pods get no network`,
      data: { condition: 'NetworkReady' },
      evidence: [{}, { value: 'cni plugin not initialized' }, { value: NONE }],
    },
  ]);
});

test('files where the runtime does not look are named', async () => {
  const node = empty();
  node.cniConf.elsewhere = ['/etc/kubernetes/cni/net.d/10-a.conflist'];
  expect(await said(check, node)).toEqual([
    `error: ${FOLDER}, where containerd looks, holds no network configuration, but /etc/kubernetes/cni/net.d/10-a.conflist is one`,
  ]);
});

test('in the first minutes of a node the file is still to come', async () => {
  const node = empty();
  node.host.uptime = 90;
  expect(await said(check, node)).toEqual([
    `info: ${FOLDER} holds no network configuration yet; the node was started 1 min ago`,
  ]);
});

test('a sound file that the runtime does not see is named once it is old', async () => {
  const node = withoutNetwork('cni plugin not initialized', NONE);
  expect(await said(check, node)).toEqual([
    `error: ${WINNER} is a sound network configuration, but containerd says that it found none`,
  ]);
  const [file] = node.cniConf.files;
  if (file) file.mtime = NOW - 1000;
  expect(await said(check, node)).toEqual([]);
});

test('another fault of a configuration that is there is not this one', async () => {
  expect(await said(check, withoutNetwork('missing containerID'))).toEqual([]);
});
