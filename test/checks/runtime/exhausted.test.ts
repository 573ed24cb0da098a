import { describe, expect, it } from 'vitest';
import check from '../../../checks/runtime/exhausted.ts';
import type { Facts, Filesystem } from '../../../src/model/facts.ts';
import { filesystem } from '../../support/limits.ts';
import { healthyNode, judge, unread } from '../../support/node.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** A node whose containerd has a small disk of its own. */
function withDisk(change: Partial<Filesystem>): Facts {
  const node = healthyNode();
  const own = filesystem('/var/lib/containerd', 'images', '/var/lib/containerd');
  node.limits.filesystems[0] = { ...own, size: 10 * GIB, ...change };
  return node;
}

describe('runtime/exhausted', () => {
  it('passes a node with room', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    { free: 4096, severity: 'error', left: '4 KiB' },
    { free: 200 * MIB, severity: 'warning', left: '200 MiB' },
  ])('names a full file system: $left left', async ({ free, severity, left }) => {
    const node = withDisk({ free, usedPercent: 99.9 });
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'diskFull',
        severity,
        message: `/var/lib/containerd is full: ${left} left, 99.9 % used; /var/lib/containerd is on it (images and records)`,
        subject: { kind: 'runtime', id: '/var/lib/containerd' },
        evidence: [{ fact: 'limits', at: '/var/lib/containerd', value: `${left} of 10 GiB free` }],
        remedies: [{ risk: 'safe', commands: ['du -xh -d 2 /var/lib/containerd'] }],
      },
    ]);
  });

  it('names a file system that is out of inodes, and full ones once for all that is on them', async () => {
    const node = healthyNode();
    const spent = { inodes: 100_000, inodesFree: 3, inodesUsedPercent: 99.9 };
    node.limits.filesystems = node.limits.filesystems.map((one) =>
      one.mountPoint === '/run' ? { ...one, ...spent } : one,
    );
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'inodesFull',
        severity: 'error',
        message:
          '/run has no room for more files, whatever its free space: 3 inodes left, 99.9 % used; /run/containerd is on it (live state of sandboxes, network namespace pins)',
      },
    ]);
  });

  it('names a file system that is read-only', async () => {
    expect((await judge(check, withDisk({ readOnly: true }))).findings).toMatchObject([
      { messageId: 'readOnly', severity: 'error', evidence: [{ value: 'ext4, ro' }] },
    ]);
  });

  it.each([
    ['a large disk with gigabytes left', { size: 1000 * GIB, free: 40 * GIB, usedPercent: 96 }],
    ['a disk at 94 %', { free: 600 * MIB, usedPercent: 94 }],
    [
      'a file system that makes inodes as it needs them',
      { inodes: 0, inodesFree: 0, inodesUsedPercent: null },
    ],
  ])('does not report %s', async (_, change) => {
    expect(await judge(check, withDisk(change))).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    { used: 13_990, severity: 'error' },
    { used: 13_500, severity: 'warning' },
  ])('names a limit of processes that is nearly reached: $used', async ({ used, severity }) => {
    const node = healthyNode();
    node.limits.cgroups = [{ path: '/kubepods', holds: 'pods', pid: null, used, max: 14_000 }];
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'pids',
        severity,
        message: `all pods together may have 14000 processes and threads and have ${used} (/kubepods)`,
        evidence: [{ at: '/kubepods/pids.current', value: `${used} of 14000` }],
        remedies: [{ commands: ['podctl gc shims', 'systemd-cgls /kubepods'] }],
      },
    ]);
  });

  it("does not report another daemon's limits, nor limits without a number", async () => {
    const node = healthyNode();
    node.limits.cgroups = [
      { path: '/docker', holds: 'runtime', pid: 7, used: 10, max: 10 },
      { path: '/system.slice/containerd.service', holds: 'runtime', pid: 100, used: 9000, max: null },
    ];
    node.limits.daemons = [
      { kind: 'containerd', pid: 7, openFiles: 10, maxOpenFiles: 10 },
      { kind: 'containerd', pid: 100, openFiles: 10, maxOpenFiles: null },
    ];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('names a daemon without open files, and the node without threads', async () => {
    const node = healthyNode();
    node.limits.daemons = [{ kind: 'containerd', pid: 100, openFiles: 1020, maxOpenFiles: 1024 }];
    node.limits.threads = { used: 32_760, pidMax: 32_768, threadsMax: 126_000 };
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'threads',
        severity: 'error',
        message: 'The node may have 32768 threads (kernel.pid_max) and has 32760',
        remedies: [{ commands: ['ps -eo nlwp,pid,args --sort=-nlwp', 'sysctl -w kernel.pid_max=65536'] }],
      },
      {
        messageId: 'openFiles',
        severity: 'error',
        message: 'The runtime (process 100) may have 1024 open files and has 1020',
        remedies: [{ commands: ['prlimit --pid 100 --nofile=2048:'] }],
      },
    ]);
  });

  it('is unknown where limits could not be read', async () => {
    expect(await judge(check, healthyNode(), { limits: unread('denied', 'x') })).toMatchObject({
      verdict: 'unknown',
    });
  });
});
