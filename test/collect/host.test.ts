import fs from 'node:fs';
import os from 'node:os';
import { expect, test } from 'vitest';
import { cgroupMode, hostCollector } from '../../src/collect/host.ts';
import { lookAt } from '../support/look-at.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { HOST_INODES, plantProcesses } from '../support/proc-tree.ts';

async function host(root: string) {
  const { host: outcome } = await lookAt(root, [hostCollector], ['host']);
  if (outcome?.status !== 'complete') throw new Error(JSON.stringify(outcome));
  return outcome;
}

test('this machine', async () => {
  const { value } = await host('');
  expect(value).toMatchObject({
    hostname: os.hostname(),
    kernel: os.release(),
    arch: process.arch,
    ticksPerSecond: 100,
  });
  expect(value.bootId).toMatch(/^[0-9a-f-]{36}$/);
  expect(Math.abs(value.bootTime + value.uptime * 1000 - value.now)).toBeLessThan(5000);
  expect(value.self.net).toBe(`4:${fs.statSync('/proc/self/ns/net').ino}`);
});

const KERNEL = {
  '/proc/uptime': '5110.42 9000.00\n',
  '/proc/stat': 'cpu  1 2 3\nbtime 1795376170\nprocesses 7\n',
  '/proc/sys/kernel/hostname': 'worker-1\n',
  '/proc/sys/kernel/osrelease': '6.18.0\n',
};

test('below a root: its PID 1, but our own namespaces', async () => {
  const root = temporaryFolder();
  plant(root, { ...KERNEL, '/proc/sys/kernel/random/boot_id': 'c1e9f1b6\n' });
  plantProcesses(root, { pid: 1, ppid: 0, comm: 'systemd', cgroup: '0::/init.scope\n' });
  const { value, problems } = await host(root);
  expect(value).toMatchObject({
    hostname: 'worker-1',
    kernel: '6.18.0',
    bootId: 'c1e9f1b6',
    bootTime: 1795376170000,
    uptime: 5110.42,
    cgroup: 'v2',
  });
  expect(value.init.net).toBe(`4:${HOST_INODES.net}`);
  expect(value.self.net).toMatch(new RegExp(`:${fs.statSync('/proc/self/ns/net').ino}$`));
  expect(problems).toBeUndefined();
});

test('what cannot be read is null or none, with a problem beside it', async () => {
  const root = temporaryFolder();
  plant(root, KERNEL);
  const { value, problems } = await host(root);
  expect(value).toMatchObject({ bootId: null, cgroup: 'none' });
  expect(problems?.map((p) => p.subject)).toEqual(['/proc/sys/kernel/random/boot_id', 'cgroup']);
});

test('no clock: no fact', async () => {
  const root = temporaryFolder();
  plant(root, { ...KERNEL, '/proc/stat': 'cpu  1 2 3\n' });
  const { host: outcome } = await lookAt(root, [hostCollector], ['host']);
  expect(outcome).toMatchObject({
    status: 'failed',
    problem: { message: 'host: /proc/stat has no line "btime"' },
  });
});

const V2 = '0::/init.scope';
const PIDS = '7:pids:/';
const NAMED = '1:name=systemd:/init.scope';

test.each([
  ['v1', [PIDS, NAMED]],
  ['hybrid', [PIDS, NAMED, V2]],
  ['v2', [V2]],
  ['v2', [NAMED, V2]],
  ['none', []],
])('cgroup mode %s', (mode, lines) => {
  expect(cgroupMode(lines.map((line) => `${line}\n`).join(''))).toBe(mode);
});
