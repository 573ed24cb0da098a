import net from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseUnixSockets, socketOwners } from '../../src/collect/sockets.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Problem } from '../../src/model/outcome.ts';
import { temporaryFolder } from '../support/node-tree.ts';

test('finds the socket file that a process listens on, and not the ones it is connected to', async () => {
  const [mine, other] = ['mine.sock', 'with space.sock'].map((name) => path.join(temporaryFolder(), name));
  for (const file of [mine, other]) {
    const server = net.createServer().listen(file);
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
  }
  const client = net.connect(mine ?? '');
  onTestFinished(() => void client.destroy());
  await new Promise((resolve) => client.once('connect', resolve));
  const problems: Problem[] = [];
  const owners = socketOwners(createReadHost(), [process.pid], problems);
  expect(owners).toEqual(
    expect.arrayContaining([mine, other].map((file) => ({ path: file, pid: process.pid }))),
  );
  expect(owners.filter((o) => o.path === mine)).toHaveLength(1);
  expect(problems).toEqual([]);
});

test('leaves out a process that is gone', () => {
  const problems: Problem[] = [];
  expect(socketOwners(createReadHost(), [2 ** 22 + 1], problems)).toEqual([]);
  expect(problems).toEqual([]);
});

test('reads what the kernel writes: listening sockets with a name', () => {
  const text = [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '0000000000000000: 00000002 00000000 00010000 0001 01 16384 /run/containerd/containerd.sock',
    '0000000000000000: 00000003 00000000 00000000 0001 03 16385 /run/containerd/containerd.sock',
    '0000000000000000: 00000002 00000000 00010000 0001 01 16386 @/containerd-shim/x.sock@',
    '0000000000000000: 00000002 00000000 00010000 0001 01 16387',
    'garbage',
    '',
  ].join('\n');
  expect([...parseUnixSockets(text)]).toEqual([
    ['16384', '/run/containerd/containerd.sock'],
    ['16386', '@/containerd-shim/x.sock@'],
  ]);
});
