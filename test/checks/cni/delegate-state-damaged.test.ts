import { expect, test } from 'vitest';
import check from '../../../checks/cni/delegate-state-damaged.ts';
import type { Facts, HandedOver } from '../../../src/model/facts.ts';
import { addPod, DAY, emptyNode, id, NOW } from '../../support/node.ts';
import { said } from './network.ts';

const FOLDER = '/var/lib/cni/flannel';

function withNote(containerId: string, more: Partial<HandedOver>, node: Facts = emptyNode()): Facts {
  const path = `${FOLDER}/${containerId}`;
  const base = { plugin: 'flannel', network: 'podnet', path, containerId, mtime: NOW - DAY };
  node.cniAgents.handedOver.push({ ...base, state: 'empty', ...more });
  return node;
}

test('whole files, what is no file, and one that is being written have no finding', async () => {
  for (const more of [{ state: 'whole' }, { state: 'foreign' }, { mtime: NOW - 1000 }] as const)
    expect(await said(check, withNote(id('a1'), more))).toEqual([]);
});

test('a damaged file of a listed sandbox keeps it from being stopped', async () => {
  const node = emptyNode();
  const { sandbox: pod } = addPod(node, 1, 'web');
  const path = `${FOLDER}/${pod.id}`;
  expect(await said(check, withNote(pod.id, {}, node))).toEqual([
    `error: default/web cannot be stopped: ${path}, by which flannel knows its networks, is empty`,
  ]);
});

test('one of nobody is harmless', async () => {
  expect(await said(check, withNote(id('a1'), { state: 'malformed' }))).toEqual([
    `info: ${FOLDER}/${id('a1')} of flannel is no JSON, and its sandbox is not listed: nothing will read it`,
  ]);
});
