import fs from 'node:fs';
import { expect, test } from 'vitest';
import { NO_NAMESPACES, readNamespaces } from '../../src/collect/namespaces.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { NS_TYPES } from '../../src/model/namespace.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { HOST_INODES, plantProcesses } from '../support/proc-tree.ts';

test('our own eight are those that stat tells', () => {
  const read = readNamespaces(createReadHost(), '/proc/self/ns');
  expect(read).toMatchObject({ problem: null, gone: false });
  for (const type of NS_TYPES) {
    const { dev, ino } = fs.statSync(`/proc/self/ns/${type}`);
    expect(read.ids[type]).toBe(`${dev}:${ino}`);
  }
});

test('a kernel without time namespaces', () => {
  const root = temporaryFolder();
  const { time: _, ...ns } = HOST_INODES;
  plantProcesses(root, { pid: 7, ns });
  const read = readNamespaces(createReadHost(root, { nsDevice: 4 }), '/proc/7/ns');
  expect(read.ids).toMatchObject({ time: null, net: `4:${HOST_INODES.net}` });
  expect(read).toMatchObject({ problem: null, gone: false });
});

test('a process that is gone', () => {
  const read = readNamespaces(createReadHost(), '/proc/999999999/ns');
  expect(read).toEqual({ ids: NO_NAMESPACES, problem: null, gone: true });
});

test('a process that gave up its namespaces half-way through our look', () => {
  const root = temporaryFolder();
  const { uts: _, ...ns } = HOST_INODES;
  plantProcesses(root, { pid: 7, ns });
  expect(readNamespaces(createReadHost(root, { nsDevice: 4 }), '/proc/7/ns').gone).toBe(true);
});

test('a refusal is one problem, and nothing is known', () => {
  const host = {
    ...createReadHost(),
    nsId: () => {
      throw Object.assign(new Error('refused'), { code: 'EACCES' });
    },
  };
  const read = readNamespaces(host, '/proc/1/ns');
  expect(read.ids).toEqual(NO_NAMESPACES);
  expect(read.gone).toBe(false);
  expect(read.problem).toEqual({
    code: 'denied',
    message: 'cannot read /proc/1/ns: permission denied',
    subject: '/proc/1/ns',
  });
});
