import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import { operatorsOwn } from '../rig/operator.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod, makePods } from '../rig/pods.ts';
import { reboot } from '../rig/reboot.ts';
import { withRig } from '../rig/rig.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { plantProcesses } from '../support/proc-tree.ts';
import { examine, runDoctor, seenIn } from './doctor.ts';

const { available } = await runtimes(['1.6', '1.7', '2.x']);

async function expectHealthy(containerd: Containerd): Promise<void> {
  const { report, exitCode } = await examine(containerd);
  expect(seenIn(report)).toEqual([]);
  expect(report.checks.filter((c) => c.verdict === 'unknown').map((c) => [c.id, c.reason])).toEqual([]);
  expect(exitCode).toBe(0);
}

it('a fresh machine without any runtime has nothing wrong', async () => {
  const root = temporaryFolder();
  plantProcesses(
    root,
    { pid: 2, ppid: 0, comm: 'kthreadd', taskFlags: 0x200000 },
    {
      pid: 300,
      comm: 'sshd',
      exe: '/usr/sbin/sshd',
      args: ['sshd', '-D'],
      cgroup: '0::/system.slice/ssh.service\n',
    },
  );
  plant(root, {
    '/proc/stat': `cpu  0 0 0 0\nbtime ${Math.floor(Date.now() / 1000) - 600}\n`,
    '/proc/uptime': '600.00 1200.00\n',
    '/proc/sys/kernel/hostname': 'fresh\n',
    '/proc/sys/kernel/osrelease': '6.12.0\n',
    '/proc/sys/kernel/random/boot_id': '6ba7b810-9dad-11d1-80b4-00c04fd430c8\n',
    '/proc/1/mountinfo':
      '21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n22 21 0:5 / /proc rw - proc proc rw\n',
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
    '/sys/fs/cgroup/system.slice/cgroup.events': 'populated 1\nfrozen 0\n',
    '/etc/os-release': 'ID=debian\n',
  });
  fs.mkdirSync(path.join(root, 'run'));
  const { report, exitCode } = await runDoctor(['--root', root, '--min-age', '0s']);
  expect(seenIn(report, true)).toEqual([]);
  expect(report.checks.filter((c) => c.verdict === 'unknown').map((c) => [c.id, c.reason])).toEqual([]);
  expect(report.facts.find((f) => f.name === 'runtime')?.status).toBe('absent');
  expect(exitCode).toBe(0);
});

describe.each(available.map((r) => r.line))('containerd %s', (line: Line) => {
  it('a node that was rebooted has nothing wrong, before and after its pods are made anew', async () => {
    await withRig(line, {}, async (containerd) => {
      const wanted = [
        { name: 'web', uid: 'a-web', containers: [{ name: 'a' }, { name: 'b' }] },
        { name: 'host', uid: 'a-host', hostNetwork: true },
        { name: 'shared', uid: 'a-shared', sharePid: true },
      ];
      await makePods(containerd, wanted);
      await reboot(containerd);
      await expectHealthy(containerd);
      const again = wanted.map((pod) => ({ ...pod, attempt: 1, containers: [{ name: 'app', attempt: 1 }] }));
      await makePods(containerd, again.slice(1));
      await expectHealthy(containerd);
    });
  });

  it('what an operator made for himself is none of our business', async () => {
    await withRig(line, {}, async (containerd) => {
      await makePod(containerd, { name: 'web' });
      const folder = path.join(containerd.dir, 'operator');
      fs.mkdirSync(folder);
      const own = await operatorsOwn(`op${containerd.number}`, folder);
      try {
        await expectHealthy(containerd);
      } finally {
        await own.remove();
      }
    });
  });
});
