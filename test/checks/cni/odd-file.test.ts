import { expect, test } from 'vitest';
import oddFile from '../../../checks/cni/odd-file.ts';
import type { Facts, Reservation } from '../../../src/model/facts.ts';
import { addPod, DAY, emptyNode, judge, NOW } from '../../support/node.ts';

const FOLDER = '/var/lib/cni/networks/pods';

function withReservation(name: string, more: Partial<Reservation>): Facts {
  const node = emptyNode();
  addPod(node, 1, 'web');
  const path = `${FOLDER}/${name}`;
  const plain = { path, folder: FOLDER, network: 'pods', address: name, containerId: null, ifName: '' };
  node.reservations.reservations.push({
    ...plain,
    mtime: NOW - DAY,
    state: 'whole',
    confirmed: true,
    ...more,
  });
  return node;
}

const messages = async (node: Facts) => (await judge(oddFile, node)).findings.map((f) => f.message);

test('a healthy pod has nothing odd', async () => {
  expect(await judge(oddFile, withReservation('10.0.0.9', {}))).toMatchObject({ verdict: 'pass' });
});

test('what is no plain file, and what holds no id, is named for information', async () => {
  const judged = await judge(oddFile, withReservation('10.0.0.9', { state: 'foreign' }));
  expect(judged.findings).toMatchObject([
    {
      severity: 'info',
      message: `${FOLDER}/10.0.0.9 is a link, a folder or another kind of file, and is never followed; podctl leaves it alone`,
      subject: { kind: 'file', id: `${FOLDER}/10.0.0.9` },
    },
  ]);
  expect(await messages(withReservation('10.0.0.9', { state: 'malformed' }))).toEqual([
    `${FOLDER}/10.0.0.9 is a file that holds no container id; podctl leaves it alone`,
  ]);
  expect(await messages(withReservation('x', { address: null }))).toEqual([
    `${FOLDER}/x is a file whose name is no address; podctl leaves it alone`,
  ]);
});

test('one that is being written, or went away meanwhile, is not', async () => {
  expect(await messages(withReservation('10.0.0.9', { state: 'malformed', mtime: NOW - 1000 }))).toEqual([]);
  expect(await messages(withReservation('10.0.0.9', { state: 'foreign', confirmed: false }))).toEqual([]);
  expect(await messages(withReservation('10.0.0.9', { state: 'empty' }))).toEqual([]);
});

test('a link in the cache is named; a result that is cut off is not', async () => {
  const node = emptyNode();
  addPod(node, 1, 'web');
  const [entry] = node.cniCache.entries;
  if (!entry) throw new Error('the pod has no cached result');
  node.cniCache.entries.push({ ...entry, path: '/c/link', state: 'foreign' });
  node.cniCache.entries.push({ ...entry, path: '/c/cut', state: 'malformed' });
  expect(await messages(node)).toEqual([
    '/c/link is a link, a folder or another kind of file, and is never followed; podctl leaves it alone',
  ]);
});
