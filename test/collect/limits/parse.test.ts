import { describe, expect, it } from 'vitest';
import { parseOpenFilesLimit, parsePidsPath } from '../../../src/collect/limits/counts.ts';
import { mayHang, mountOf } from '../../../src/collect/limits/mount-of.ts';
import { parseSpace } from '../../../src/collect/limits/space.ts';

const MOUNTS = `22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:25 / /run rw,nosuid - tmpfs tmpfs rw,size=1g
41 22 254:16 /srv /var/lib/containerd rw - xfs /dev/vdb ro
52 41 0:44 / /var/lib/containerd/a\\040b rw - nfs4 server:/export rw
60 22 0:50 /run /mnt ro - tmpfs /run rw
`;

describe('the mount of a path', () => {
  it.each([
    ['/var/lib/cni', '/', 'ext4', false],
    ['/run/containerd', '/run', 'tmpfs', false],
    ['/runner', '/', 'ext4', false],
    ['/var/lib/containerd', '/var/lib/containerd', 'xfs', true],
    ['/var/lib/containerd/a b/c', '/var/lib/containerd/a b', 'nfs4', false],
    ['/mnt/x', '/mnt', 'tmpfs', true],
    ['/', '/', 'ext4', false],
  ])('%s is on %s', (path, mountPoint, fsType, readOnly) => {
    expect(mountOf(MOUNTS, path)).toEqual({ mountPoint, fsType, readOnly });
  });

  it('takes the last of several mounts on each other', () => {
    expect(mountOf(`${MOUNTS}70 30 0:51 / /run rw - ramfs none rw\n`, '/run/x')?.fsType).toBe('ramfs');
  });

  it.each(['', '\n\n', ' / ', '22 1 254:0 /', 'x'.repeat(5000)])('tells nothing from %j', (text) => {
    expect(mountOf(text, '/run/x')).toBeNull();
  });
});

it('knows file systems that wait for somebody else', () => {
  const types = [
    'nfs',
    'nfs4',
    'cifs',
    'fuse',
    'fuse.sshfs',
    'ceph',
    'ext4',
    'xfs',
    'tmpfs',
    'overlay',
    'fusectl',
  ];
  expect(types.filter(mayHang)).toEqual(['nfs', 'nfs4', 'cifs', 'fuse', 'fuse.sshfs', 'ceph']);
});

it('reads the space that a program tells, and nothing else', () => {
  expect(parseSpace('4096 1000 500 400 200 150\n')).toEqual({
    size: 4_096_000,
    freeForRoot: 2_048_000,
    free: 1_638_400,
    inodes: 200,
    inodesFree: 150,
  });
  for (const text of ['', '4096 1000', 'a b c d e f', '4096 1000 500 400 200 150 7', '-1 2 3 4 5 6'])
    expect(parseSpace(text)).toBeNull();
});

it('reads the soft limit of open files', () => {
  const line = (soft: string) =>
    `Limit   Soft Limit  Hard Limit  Units\nMax open files            ${soft}   524288    files \n`;
  expect(parseOpenFilesLimit(line('1024'))).toBe(1024);
  expect(parseOpenFilesLimit(line('unlimited'))).toBeNull();
  expect(parseOpenFilesLimit('')).toBeUndefined();
  expect(parseOpenFilesLimit('Max open files  many ')).toBeUndefined();
});

it('reads the cgroup that counts the processes of one', () => {
  expect(parsePidsPath('9:name=systemd:/x\n8:pids:/system.slice\n0::/y\n')).toEqual({
    at: '/sys/fs/cgroup/pids',
    path: '/system.slice',
  });
  expect(parsePidsPath('0::/system.slice/containerd.service\n')).toEqual({
    at: '/sys/fs/cgroup',
    path: '/system.slice/containerd.service',
  });
  expect(parsePidsPath('garbage')).toBeNull();
});
