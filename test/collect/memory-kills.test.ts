import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { memoryKillsCollector, parseMemoryKill } from '../../src/collect/memory-kills.ts';
import { readKernelLog } from '../../src/host/kernel-log.ts';
import { complete } from '../../src/model/outcome.ts';
import { lookAt } from '../support/look-at.ts';
import { addPod, emptyNode } from '../support/node.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const ID = '15cb663f389a576387a42da0d87f2f122f565f6f02b9b72d57944e954cb3da7c';
const POD = '/kubepods/besteffort/pod395b1212-6bcd-45f9-9b05-c743d83cbbb3';
const told = (rest: string) =>
  `6,2731,13454443702,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${ID},mems_allowed=0,${rest}\n`;
const KILL = told(`oom_memcg=${POD},task_memcg=${POD}/${ID},task=pause,pid=32749,uid=65535`);

test('a kill in a container, as the kernel writes it', () => {
  expect(parseMemoryKill(KILL)).toEqual({
    containerId: ID,
    pid: 32749,
    comm: 'pause',
    limitOf: POD,
    at: 13454443,
  });
});

test('a node without memory has no limit of a cgroup', () => {
  const line = told(`global_oom,task_memcg=${POD}/${ID},task=pause,pid=7,uid=0`);
  expect(parseMemoryKill(line)).toMatchObject({ limitOf: '', pid: 7 });
});

test('a name may hold what looks like more fields', () => {
  const line = told(`oom_memcg=${POD},task_memcg=${POD}/${ID},task=a,pid=1,uid=0 b,pid=32749,uid=0`);
  expect(parseMemoryKill(line)).toMatchObject({ comm: 'a,pid=1,uid=0 b', pid: 32749 });
});

test.each([
  '',
  '6,1,2,-;Memory cgroup out of memory: Killed process 7 (pause)',
  told('oom_memcg=/,task_memcg=/system.slice/x.service,task=x,pid=7,uid=0'),
  told(`task_memcg=${POD}/${ID}`),
  `oom-kill:constraint=X,task_memcg=${POD}/${ID},task=pause,pid=7,uid=0`,
  '\0'.repeat(8192),
])('tells of no kill in a container: %j', (record) => {
  expect(parseMemoryKill(record)).toBeNull();
});

test("the kernel's log ends, and what a program wrote into it does not count", () => {
  const word = `podctl-${process.pid}-${Date.now()}`;
  fs.writeFileSync('/dev/kmsg', `<6>${word}\n`);
  const records = readKernelLog('/dev/kmsg');
  expect(records.length).toBeGreaterThan(0);
  expect(records.some((record) => record.includes(word))).toBe(false);
});

async function killsOf(root: string, state: 'ready' | 'notready') {
  const node = emptyNode();
  const { sandbox } = addPod(node, 1, 'web', { state });
  Object.assign(sandbox, { id: ID });
  const sandboxes = {
    fact: 'sandboxes' as const,
    summary: '',
    timeoutMs: 100,
    collect: () => complete(node.sandboxes),
  };
  const { memoryKills } = await lookAt(root, [sandboxes, memoryKillsCollector], ['memoryKills']);
  return memoryKills;
}

test('where every sandbox is ready the log is not read', async () => {
  expect(await killsOf(temporaryFolder(), 'ready')).toMatchObject({ status: 'complete', value: [] });
  expect(await killsOf(temporaryFolder(), 'notready')).toMatchObject({ status: 'absent' });
});

test('a log that cannot be read is named', async () => {
  const root = temporaryFolder();
  plant(root, { '/dev/x': '' });
  fs.mkdirSync(path.join(root, '/dev/kmsg'));
  expect(await killsOf(root, 'notready')).toMatchObject({
    status: 'failed',
    problem: { subject: '/dev/kmsg' },
  });
});
