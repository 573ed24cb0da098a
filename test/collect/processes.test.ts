import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { daemonsCollector } from '../../src/collect/daemons.ts';
import { gather } from '../../src/collect/gather.ts';
import { processesCollector } from '../../src/collect/processes.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Process } from '../../src/model/facts.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { HOST_INODES, linkOf, plantProcesses, started, until } from '../support/proc-tree.ts';

const ID = 'ab2ec6e23d9585b8a0e04e0a78ba9908640a93a8c622cddb66fa8595e907fb0b';
const UID = '3e22d60c-4eec-4366-a21b-0ed1cbec8c81';
const IN_POD = `0::/kubepods/besteffort/pod${UID}/${ID}\n`;
const NO_NS = { cgroup: null, ipc: null, mnt: null, net: null, pid: null, time: null, user: null, uts: null };

async function look(root: string) {
  const host = createReadHost(root, root === '' ? {} : { nsDevice: 4 });
  const options = { env: {}, rpcTimeoutMs: 1000 };
  const collectors = [daemonsCollector, processesCollector];
  const { processes } = await gather(collectors, ['processes'], host, options, new AbortController().signal);
  if (!processes || !('value' in processes)) throw new Error(JSON.stringify(processes));
  const byPid = new Map(processes.value.map((p) => [p.pid, p]));
  const at = (pid: number): Process => {
    const one = byPid.get(pid);
    if (one === undefined) throw new Error(`no process ${pid}`);
    return one;
  };
  return { ...processes, at, pids: [...byPid.keys()] };
}

test('one process with everything that is told of it', async () => {
  const root = temporaryFolder();
  plantProcesses(root, {
    pid: 30912,
    ppid: 30845,
    comm: 'a) S 1\nb',
    cgroup: IN_POD,
    ns: { ...HOST_INODES, net: 4026536992 },
  });
  const { at, status } = await look(root);
  expect(status).toBe('complete');
  expect(at(30912)).toEqual({
    pid: 30912,
    ppid: 30845,
    startTicks: 4711,
    state: 'S',
    comm: 'a) S 1\nb',
    cgroup: `/kubepods/besteffort/pod${UID}/${ID}`,
    containerId: ID,
    podUid: UID,
    ns: Object.fromEntries(
      Object.entries({ ...HOST_INODES, net: 4026536992 }).map(([type, inode]) => [type, `4:${inode}`]),
    ),
    shim: null,
    cni: null,
  });
});

test('kernel threads are left out; a second process of a PID namespace is none', async () => {
  const root = temporaryFolder();
  plantProcesses(
    root,
    { pid: 2, comm: 'sh' },
    { pid: 3, ppid: 2, comm: 'kworker/0:0', taskFlags: 0x4208060 },
  );
  expect((await look(root)).pids).toEqual([1, 2]);
});

test('zombies and processes that vanish are no problem', async () => {
  const root = temporaryFolder();
  plantProcesses(root, { pid: 10, state: 'Z', ns: {} }, { pid: 11 }, { pid: 12, ns: {} });
  fs.rmSync(path.join(root, 'proc/11/cgroup'));
  const { at, pids, problems } = await look(root);
  expect(pids).toEqual([1, 10, 12]);
  expect(at(10)).toMatchObject({ state: 'Z', ns: NO_NS });
  expect(at(12).ns).toEqual(NO_NS);
  expect(problems).toBeUndefined();
});

const shimArgs = [
  '/usr/bin/containerd-shim-runc-v2',
  '-namespace',
  'k8s.io',
  '-id',
  ID,
  '-address',
  '/run/c.sock',
];
const shim = { comm: 'containerd-shim', exe: '/usr/bin/containerd-shim-runc-v2', args: shimArgs };

test('a process without namespaces is ending, even before the kernel calls it a zombie', async () => {
  const root = temporaryFolder();
  const { net: _, ...ns } = HOST_INODES;
  plantProcesses(root, { pid: 7, cgroup: IN_POD, state: 'R', ns });
  const { at, status, problems } = await look(root);
  expect(at(7)).toMatchObject({ state: 'X', containerId: ID, ns: NO_NS });
  expect({ status, problems }).toEqual({ status: 'complete', problems: undefined });
});

test('shims, but not what only looks like one', async () => {
  const root = temporaryFolder();
  plantProcesses(
    root,
    { pid: 20, ...shim },
    { pid: 21, ppid: 20, ...shim },
    { pid: 22, ...shim, args: [...shimArgs, 'start'] },
    { pid: 23, ...shim, cgroup: IN_POD },
    { pid: 24, ...shim, cgroup: `0::/kubepods/pod${UID}/kata_overhead\n` },
    { pid: 25, ...shim, state: 'Z' },
  );
  const { at } = await look(root);
  const expected = { namespace: 'k8s.io', id: ID, address: '/run/c.sock' };
  expect([20, 21, 22, 23, 24, 25].map((pid) => at(pid).shim)).toEqual([
    expected,
    null,
    null,
    null,
    expected,
    null,
  ]);
});

test('CNI plugins: below a runtime, or orphans in a plugin folder; nothing else is believed', async () => {
  const root = temporaryFolder();
  const environ = `PATH=/bin\0CNI_COMMAND=ADD\0TOKEN=s3cret\0CNI_CONTAINERID=${ID}\0CNI_NETNS=/run/netns/x\0`;
  const files = { environ };
  plantProcesses(
    root,
    { pid: 5, comm: 'containerd', exe: '/usr/bin/containerd', args: ['containerd'] },
    { pid: 30, ppid: 5, comm: 'bridge', exe: '/x/bridge', files },
    { pid: 31, ppid: 30, comm: 'host-local', exe: '/x/host-local', files },
    { pid: 32, ppid: 1, comm: 'calico', exe: '/opt/cni/bin/calico', files },
    { pid: 40, ppid: 1, comm: 'bash', exe: '/bin/bash', files },
    { pid: 41, ppid: 5, ...shim },
    { pid: 42, ppid: 41, comm: 'bridge', exe: '/opt/cni/bin/bridge', files },
    { pid: 43, ppid: 5, comm: 'bridge', exe: '/opt/cni/bin/bridge', cgroup: IN_POD, files },
    { pid: 44, ppid: 5, comm: 'unpigz', exe: '/bin/unpigz', files: { environ: 'X_CNI_COMMAND=ADD\0' } },
    { pid: 45, ppid: 46, comm: 'a', exe: '/bin/a', files },
    { pid: 46, ppid: 45, comm: 'b', exe: '/bin/b', files },
  );
  const { at } = await look(root);
  const call = { command: 'ADD', containerId: ID, netns: '/run/netns/x' };
  expect([30, 31, 32].map((pid) => at(pid).cni)).toEqual([call, call, call]);
  expect([5, 40, 41, 42, 43, 44, 45, 46].map((pid) => at(pid).cni)).toEqual(Array(8).fill(null));
});

test('a part of the node is no whole', async () => {
  const root = temporaryFolder();
  plantProcesses(root, { pid: 1, ppid: 0, exe: '/podctl', ns: { ...HOST_INODES, pid: 4026539000 } });
  const { status, problems } = await look(root);
  expect(status).toBe('partial');
  expect(problems?.[0]?.message).toContain('hostPID');
});

test('a real process in namespaces of its own', async () => {
  const pid = await started('unshare', ['--map-root-user', '--net', '--uts', '--ipc', 'sleep', '1000'], (p) =>
    linkOf(`/proc/${p}/exe`).endsWith('/sleep'),
  );
  const { at } = await look('');
  const one = at(pid);
  expect(one).toMatchObject({ comm: 'sleep', ppid: process.pid, containerId: null, shim: null, cni: null });
  for (const type of ['net', 'uts', 'ipc', 'user', 'mnt', 'pid'] as const) {
    const { dev, ino } = fs.statSync(`/proc/${pid}/ns/${type}`);
    expect(one.ns[type]).toBe(`${dev}:${ino}`);
  }
  expect(one.ns.net).not.toBe(at(process.pid).ns.net);
  expect(one.ns.mnt).toBe(at(process.pid).ns.mnt);
});

test('a real zombie', async () => {
  const zombieOf = (pid: number) => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const state = (pid: string) => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
  const parent = await started('sh', ['-c', 'sleep 0 & exec sleep 1000'], (p) => {
    const child = zombieOf(p);
    return child !== '' && state(child) === 'Z' && linkOf(`/proc/${p}/exe`).endsWith('/sleep');
  });
  const { at, problems } = await look('');
  const zombie = at(Number(zombieOf(parent)));
  expect(zombie).toMatchObject({ state: 'Z', ppid: parent, ns: NO_NS });
  expect(problems?.filter((p) => p.message.includes(String(zombie.pid))) ?? []).toEqual([]);
});

test('a real plugin below a real runtime, with a large environment', async () => {
  const folder = temporaryFolder();
  const runtime = path.join(folder, 'containerd');
  fs.copyFileSync(fs.realpathSync('/bin/sh'), runtime);
  const large = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`LARGE${i}`, 'x'.repeat(100_000)]));
  const env = { ...large, CNI_COMMAND: 'DEL', CNI_CONTAINERID: ID, CNI_NETNS: '' };
  const children = (pid: number) => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const pid = await started(runtime, ['-c', 'sleep 1000; exit'], (p) => children(p) !== '', env);
  const plugin = Number(children(pid));
  await until(() => linkOf(`/proc/${plugin}/exe`).endsWith('/sleep'));
  const { at } = await look('');
  expect(at(plugin).cni).toEqual({ command: 'DEL', containerId: ID, netns: '' });
  expect(at(pid).cni).toBeNull();
  process.kill(plugin, 'SIGKILL');
});

test('processes that come and go while we look are no problem', async () => {
  await started('sh', ['-c', 'while :; do /bin/true; done'], () => true);
  for (let i = 0; i < 5; i += 1) {
    const { problems } = await look('');
    expect(problems?.filter((p) => p.code === 'missing') ?? []).toEqual([]);
  }
});
