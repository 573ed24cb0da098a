import { expect, test } from 'vitest';
import { daemonsCollector } from '../../src/collect/daemons.ts';
import { hostCollector } from '../../src/collect/host.ts';
import { processesCollector } from '../../src/collect/processes.ts';
import type { Process } from '../../src/model/facts.ts';
import { lookAt } from '../support/look-at.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { HOST_INODES, type PlantedProcess, plantProcesses } from '../support/proc-tree.ts';

const ID = 'ab2ec6e23d9585b8a0e04e0a78ba9908640a93a8c622cddb66fa8595e907fb0b';
const UID = '3e22d60c-4eec-4366-a21b-0ed1cbec8c81';
const PATH = `/kubepods/besteffort/pod${UID}/${ID}`;
const V1 = '9:name=systemd:/\n3:cpuset:/\n';

async function look(everything: boolean, mode: string, ...planted: PlantedProcess[]): Promise<Process[]> {
  const root = temporaryFolder();
  plant(root, {
    '/proc/uptime': '1 1\n',
    '/proc/stat': 'btime 1\n',
    '/proc/sys/kernel/hostname': 'n\n',
    '/proc/sys/kernel/osrelease': '6\n',
  });
  plantProcesses(root, { pid: 1, ppid: 0, exe: '/sbin/init', cgroup: mode }, ...planted);
  const collectors = [hostCollector, daemonsCollector, processesCollector];
  const { processes } = await lookAt(root, collectors, ['host', 'processes'], { everything });
  if (processes?.status !== 'complete') throw new Error(JSON.stringify(processes));
  return processes.value.filter((p) => p.pid > 1);
}

test('without a snapshot only the namespaces are read that a sandbox shares', async () => {
  const [one] = await look(false, V1, { pid: 7 });
  const { ipc, net, pid, uts } = HOST_INODES;
  expect(one?.ns).toEqual({
    cgroup: null,
    ipc: `4:${ipc}`,
    mnt: null,
    net: `4:${net}`,
    pid: `4:${pid}`,
    time: null,
    user: null,
    uts: `4:${uts}`,
  });
  const [all] = await look(true, V1, { pid: 7 });
  expect(all?.ns.mnt).toBe(`4:${HOST_INODES.mnt}`);
});

test('with cgroup v1 the cpuset tells the container, and the list where it does not', async () => {
  const list = `8:pids:${PATH}\n3:cpuset:/\n`;
  const found = await look(
    true,
    V1,
    { pid: 7, cgroup: 'not read', files: { cpuset: `${PATH}\n` } },
    { pid: 8, cgroup: list, files: { cpuset: '/\n' } },
    { pid: 9, cgroup: list },
    { pid: 10, cgroup: '8:pids:/system.slice\n', files: { cpuset: '/\n' } },
  );
  expect(found.map((p) => [p.pid, p.cgroup, p.containerId, p.podUid])).toEqual([
    [7, PATH, ID, UID],
    [8, PATH, ID, UID],
    [9, PATH, ID, UID],
    [10, '/system.slice', null, null],
  ]);
});

test('with cgroup v2 the cpuset may be that of a parent, and is not asked', async () => {
  const files = { cpuset: `/kubepods/besteffort/pod${UID}/${'0'.repeat(64)}\n` };
  const [one] = await look(true, '0::/init.scope\n', { pid: 7, cgroup: `0::${PATH}\n`, files });
  expect(one?.containerId).toBe(ID);
});
