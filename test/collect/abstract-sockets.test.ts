import fs from 'node:fs';
import { expect, test } from 'vitest';
import { abstractSockets, abstractSocketsCollector } from '../../src/collect/abstract-sockets.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { complete } from '../../src/model/outcome.ts';
import { lookAt } from '../support/look-at.ts';
import { bareProcess } from '../support/node.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { started } from '../support/proc-tree.ts';

const HASH = '5f'.repeat(32);
const HEAD = 'Num       RefCount Protocol Flags    Type St Inode Path\n';
const line = (inode: number, name: string, flags = '00010000') =>
  `0000000000000000: 00000002 00000000 ${flags} 0001 01 ${inode} ${name}\n`;

test('a real abstract socket in a network namespace of its own, and the shim that listens', async () => {
  const listen = `import socket, time
s = socket.socket(socket.AF_UNIX)
s.bind('\\0/containerd-shim/${HASH}.sock@')
s.listen(1)
time.sleep(60)`;
  const tableOf = (pid: number) => fs.readFileSync(`/proc/${pid}/net/unix`, 'utf8');
  const pid = await started('unshare', ['--net', 'python3', '-c', listen], (one) =>
    tableOf(one).includes('@/containerd-shim/'),
  );
  const shim = { ...bareProcess(pid, 'containerd-shim') };
  const name = `@/containerd-shim/${HASH}.sock@`;
  expect(abstractSockets(createReadHost(), tableOf(pid), [shim])).toEqual([{ name, pid }]);
  expect(abstractSockets(createReadHost(), tableOf(pid), [{ ...shim, comm: 'python3' }])).toEqual([
    { name, pid: null },
  ]);
});

const processes = {
  fact: 'processes' as const,
  summary: '',
  timeoutMs: 100,
  collect: () => complete([bareProcess(7, 'containerd-shim')]),
};

test.each([
  ['sockets with files, others with abstract names', line(1, '/run/containerd/s/ab') + line(2, '@/tmp/dbus')],
  ['a connection to one that is gone', line(3, `@/containerd-shim/${HASH}.sock`, '00000000')],
  ['a file whose name holds it', line(4, `/tmp/@/containerd-shim/${HASH}.sock`)],
  ['nothing', ''],
])('none: %s', async (_, lines) => {
  const root = temporaryFolder();
  plant(root, { '/proc/1/net/unix': HEAD + lines });
  const { abstractSockets: found } = await lookAt(
    root,
    [processes, abstractSocketsCollector],
    ['abstractSockets'],
  );
  expect(found).toMatchObject({ status: 'complete', value: [] });
});

test("the node's own sockets count, wherever podctl was started", async () => {
  const root = temporaryFolder();
  plant(root, {
    '/proc/1/net/unix': HEAD + line(1, `@/containerd-shim/${HASH}.sock`),
    '/proc/net/unix': HEAD,
  });
  const { abstractSockets: found } = await lookAt(
    root,
    [processes, abstractSocketsCollector],
    ['abstractSockets'],
  );
  expect(found).toMatchObject({ value: [{ name: `@/containerd-shim/${HASH}.sock`, pid: null }] });
});

test('a /proc without sockets has none to judge', async () => {
  const { abstractSockets: found } = await lookAt(
    temporaryFolder(),
    [processes, abstractSocketsCollector],
    ['abstractSockets'],
  );
  expect(found).toMatchObject({ status: 'absent' });
});
