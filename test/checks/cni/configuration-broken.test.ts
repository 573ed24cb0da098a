import { expect, test } from 'vitest';
import check from '../../../checks/cni/configuration-broken.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { emptyNode, judge, NOW } from '../../support/node.ts';
import { conf, FOLDER, said, WINNER, withoutNetwork } from './network.ts';

const BROKEN = `${FOLDER}/05-x.conf`;
const SAID = `failed to load CNI config file ${BROKEN}: unexpected end of JSON input`;

function withBroken(node: Facts, mtime = NOW - 3_600_000): Facts {
  const problem = `${BROKEN} is not valid JSON at line 2; mend it there`;
  node.cniConf.files.unshift({ ...conf('05-x.conf', '', ''), plugins: [], problem, mtime });
  node.cniConf.winner = BROKEN;
  return node;
}

test('a broken first file is named with its line, and the sound one that is not taken', async () => {
  const { findings } = await judge(check, withBroken(withoutNetwork('cni plugin not initialized', SAID)));
  expect(findings).toMatchObject([
    {
      severity: 'error',
      message: `${BROKEN} is not valid JSON at line 2. It comes first, and containerd takes no other: not even ${WINNER}`,
      remedies: [{ commands: [`mv ${BROKEN} /root/05-x.conf`] }],
    },
  ]);
});

test('what the runtime refuses though it looks sound is told in its words', async () => {
  const node = withoutNetwork('cni plugin not initialized', `failed to load ${WINNER}: no good`);
  expect(await said(check, node)).toEqual([
    `error: containerd cannot use ${WINNER}: failed to load ${WINNER}: no good`,
  ]);
});

test('a name that begins another one is not that file', async () => {
  const node = withoutNetwork('cni plugin not initialized', `failed to load ${WINNER}.old.conf: no good`);
  expect(await said(check, node)).toEqual([]);
});

test('a network that is not ready for another reason is not this one', async () => {
  expect(await said(check, withoutNetwork('missing containerID'))).toEqual([]);
});

test('a broken file that comes later, or is skipped, is harmless', async () => {
  const node = withBroken(emptyNode());
  node.cniConf.winner = WINNER;
  expect(await said(check, node)).toEqual([
    `info: ${BROKEN} is not valid JSON at line 2. It is harmless, because ${WINNER} is used`,
  ]);
});

test('a runtime that skips what it cannot use has no network when there is nothing else', async () => {
  const node = withBroken(withoutNetwork('no CNI configuration file in /etc/cni/net.d/'));
  node.runtime.name = 'cri-o';
  node.cniConf.files.splice(1);
  node.cniConf.winner = null;
  expect(await said(check, node)).toEqual([
    `error: ${BROKEN} is not valid JSON at line 2. cri-o skips it, and there is no configuration that it can use`,
  ]);
  delete node.cniConf.winner;
  expect(await said(check, node)).toEqual([]);
});

test('one that the runtime has not noticed is told, unless it is being written or nothing shows what is loaded', async () => {
  const node = withBroken(emptyNode());
  expect(await said(check, node)).toEqual([]);
  node.runtime.cniNetworks = [{ name: 'podnet', cniVersion: '1.0.0' }];
  expect(await said(check, node)).toEqual([
    `warning: ${BROKEN} is not valid JSON at line 2. It comes first: from its next start on containerd takes it, and no other, and has no network`,
  ]);
  const young = withBroken(emptyNode(), NOW - 1000);
  young.runtime.cniNetworks = node.runtime.cniNetworks;
  expect(await said(check, young)).toEqual([]);
});

test('a snapshot of an earlier version names no winner, and has no finding', async () => {
  const node = emptyNode();
  delete node.cniConf.winner;
  expect(await said(check, node)).toEqual([]);
});
