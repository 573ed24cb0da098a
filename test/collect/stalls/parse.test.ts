import { expect, it } from 'vitest';
import { parseWriteLocks } from '../../../src/collect/stalls/databases.ts';
import { remoteMounts } from '../../../src/collect/stalls/mounts.ts';
import { parseStack, parseSwitches, suspects } from '../../../src/collect/stalls/threads.ts';
import { addPod, emptyNode } from '../../support/node.ts';

it('names of functions on a kernel stack', () => {
  const text = '[<0>] percpu_rwsem_wait+0x10f/0x140\n[<0>] mnt_want_write+0x5d/0x90\nrubbish\n';
  expect(parseStack(text)).toEqual(['percpu_rwsem_wait', 'mnt_want_write']);
  for (const other of ['', '[<0>]', '\0\0', '[<'.repeat(10_000)]) expect(parseStack(other)).toEqual([]);
});

it('how often a thread was scheduled', () => {
  expect(parseSwitches('State:\tD\nvoluntary_ctxt_switches:\t42\nnonvoluntary_ctxt_switches:\t7\n')).toBe(
    '42 7',
  );
  expect(parseSwitches('voluntary_ctxt_switches: many')).toBe('');
});

it('who holds a lock of a whole file, and not who waits for one', () => {
  const text =
    '1: POSIX  ADVISORY  WRITE 11 fe:00:1 0 EOF\n2: FLOCK  ADVISORY  WRITE 12 fe:00:2 0 EOF\n2: -> FLOCK  ADVISORY  WRITE 13 fe:00:2 0 EOF\n3: FLOCK  ADVISORY  READ 14 fe:00:3 0 EOF\n';
  expect([...parseWriteLocks(text)]).toEqual([12]);
  expect([...parseWriteLocks('')]).toEqual([]);
});

it('mounts that somebody else must answer for, those of pods first', () => {
  const uid = '3e22d60c-4eec-4366-a21b-0ed1cbec8c81';
  const volume = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~nfs/my\\040data`;
  const text = `1 0 0:1 / / rw - ext4 /dev/vda rw
2 1 0:2 / /mnt rw - cifs //server/share rw
3 1 0:3 / ${volume} rw - nfs4 server:/x rw
4 1 0:4 / /proc/sys/fs/binfmt_misc rw - autofs systemd-1 rw
5 1 0:5 / /run rw - tmpfs tmpfs rw
 - nfs
nonsense`;
  expect(remoteMounts(text)).toEqual([
    { mountPoint: volume.replace('\\040', ' '), fsType: 'nfs4', podUid: uid },
    { mountPoint: '/mnt', fsType: 'cifs', podUid: null },
  ]);
});

it('suspects are daemons, and of the others what waits for the runtime right now', () => {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  const [app] = pod.containers;
  if (!app) throw new Error('no container');
  const found = () => suspects(node.daemons, node.processes).map(({ pid, role }) => [pid, role]);
  expect(found()).toEqual([[100, 'daemon']]);
  pod.shim.state = 'D';
  app.init.state = 'D';
  node.processes.push({ ...pod.shim, pid: 5000, ppid: pod.shim.pid, comm: 'runc', shim: null, state: 'D' });
  expect(found()).toEqual([
    [100, 'daemon'],
    [pod.shim.pid, 'shim'],
    [5000, 'program'],
  ]);
});
