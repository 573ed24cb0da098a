import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { daemonsCollector } from '../../src/collect/daemons.ts';
import { lookAt } from '../support/look-at.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { HOST_INODES, linkOf, plantProcesses, started } from '../support/proc-tree.ts';

const POD = `/kubepods/pod3e22d60c-4eec-4366-a21b-0ed1cbec8c81/${'a'.repeat(64)}`;

async function daemons(root: string) {
  const facts = await lookAt(root, [daemonsCollector], ['daemons']);
  if (!facts.daemons || !('value' in facts.daemons)) throw new Error(JSON.stringify(facts.daemons));
  return facts.daemons;
}

test('daemons of a node, by their programs', async () => {
  const root = temporaryFolder();
  const containerd = ['/usr/bin/containerd', '-c', '/etc/containerd/config.toml', '--password', 's3cret'];
  plantProcesses(
    root,
    { pid: 2, ppid: 0, comm: 'kthreadd', taskFlags: 0x208040 },
    {
      pid: 387,
      comm: 'kubelet',
      exe: '/usr/bin/kubelet',
      args: ['/usr/bin/kubelet', '--root-dir=/var/lib/kubelet'],
    },
    { pid: 714, comm: 'containerd', exe: '/usr/bin/containerd (deleted)', args: containerd, state: 'T' },
    { pid: 715, comm: 'containerd', exe: '/usr/bin/containerd', args: ['containerd', 'config', 'dump'] },
    { pid: 716, comm: 'containerd-shim', exe: '/usr/bin/containerd-shim-runc-v2' },
  );
  const outcome = await daemons(root);
  expect(outcome.status).toBe('complete');
  const mnt = `4:${HOST_INODES.mnt}`;
  expect(outcome.value).toEqual([
    {
      kind: 'kubelet',
      pid: 387,
      startTicks: 4711,
      state: 'S',
      exe: '/usr/bin/kubelet',
      mnt,
      flags: { 'root-dir': '/var/lib/kubelet' },
    },
    {
      kind: 'containerd',
      pid: 714,
      startTicks: 4711,
      state: 'T',
      exe: '/usr/bin/containerd (deleted)',
      mnt,
      flags: { config: '/etc/containerd/config.toml' },
    },
  ]);
});

test('neither a program in a pod nor a child that is about to exec is a daemon', async () => {
  const root = temporaryFolder();
  const real = { comm: 'containerd', exe: '/usr/bin/containerd', args: ['containerd'] };
  plantProcesses(
    root,
    { pid: 10, ...real },
    { pid: 11, ppid: 10, ...real },
    { pid: 12, ...real, cgroup: `0::${POD}\n` },
  );
  expect((await daemons(root)).value.map((d) => d.pid)).toEqual([10]);
});

test('a process that vanishes half way is no problem', async () => {
  const root = temporaryFolder();
  plantProcesses(root, { pid: 10, exe: '/usr/bin/containerd' });
  fs.rmSync(path.join(root, 'proc/10/stat'));
  const outcome = await daemons(root);
  expect(outcome).toMatchObject({ status: 'complete', value: [] });
  expect(outcome.problems).toBeUndefined();
});

test('where /proc shows a part of the node only, the list is partial', async () => {
  const inPod = temporaryFolder();
  plantProcesses(inPod, { pid: 1, ppid: 0, exe: '/podctl', ns: { ...HOST_INODES, pid: 4026539000 } });
  expect((await daemons(inPod)).status).toBe('partial');

  const hidden = temporaryFolder();
  plantProcesses(hidden, { pid: 50, exe: '/bin/sh' });
  fs.rmSync(path.join(hidden, 'proc/1'), { recursive: true });
  expect((await daemons(hidden)).status).toBe('partial');

  const kind = temporaryFolder();
  const ns = { ...HOST_INODES, pid: 4026539000 };
  plantProcesses(
    kind,
    { pid: 1, ppid: 0, exe: '/sbin/init', ns },
    { pid: 5, exe: '/usr/local/bin/containerd', args: ['containerd'] },
  );
  expect((await daemons(kind)).status).toBe('complete');
});

test('a real process', async () => {
  const program = path.join(temporaryFolder(), 'containerd');
  fs.copyFileSync(fs.realpathSync('/bin/sleep'), program);
  const pid = await started(program, ['1000'], (p) => linkOf(`/proc/${p}/exe`) === program);
  const outcome = await daemons('');
  expect(outcome.value.find((d) => d.pid === pid)).toMatchObject({
    kind: 'containerd',
    exe: program,
    state: expect.stringMatching(/^[RS]$/),
    flags: {},
    mnt: `4:${fs.statSync('/proc/self/ns/mnt').ino}`,
  });
});
