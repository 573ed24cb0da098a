import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PodSummary, PodTree } from '../../src/model/inside.ts';
import type { NetnsReport } from '../../src/model/netns-report.ts';
import type { OwnerMeaning } from '../../src/model/owner-report.ts';
import type { InspectReport } from '../../src/model/truths.ts';
import type { Containerd } from '../rig/containerd.ts';
import { containerInWrongPod, freezeContainerd, killPause, leakPin } from '../rig/faults.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { initPid, makePod, type Pod, pinOf } from '../rig/pods.ts';
import { until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { runPodctl } from '../support/cli.ts';

const { available } = await runtimes(['1.6', '2.x']);

const SERVE = `mkdir /www; echo started; echo trouble >&2; exec httpd -f -p 80 -h /www`;
const ECHO = 'exec httpd -f -p 127.0.0.1:81';

async function json<T>(containerd: Containerd, ...args: string[]): Promise<T & { code: number | null }> {
  const { code, stdout } = await runPodctl([...args, '-r', containerd.socket, '-o', 'json']);
  return { ...(JSON.parse(stdout) as T), code };
}

/** What a program of the machine says in a network namespace. */
function inside(pid: number, ...command: string[]): string {
  return execFileSync('nsenter', [`--net=/proc/${pid}/ns/net`, ...command], { encoding: 'utf8' });
}

async function populate(containerd: Containerd) {
  const logs = path.join(containerd.dir, 'logs');
  fs.mkdirSync(logs);
  const web = await makePod(containerd, {
    name: 'web',
    logs,
    containers: [
      { name: 'server', command: ['sh', '-c', SERVE] },
      { name: 'proxy', command: ['sh', '-c', ECHO] },
      {
        name: 'counter',
        command: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo $i; usleep 50000; done'],
      },
    ],
  });
  const shared = await makePod(containerd, {
    name: 'shared',
    sharePid: true,
    containers: [{ name: 'app', command: ['sh', '-c', 'sleep 1000 & sleep 1000'] }],
  });
  const host = await makePod(containerd, { name: 'host', hostNetwork: true });
  return { web, shared, host };
}

describe.each(available.map((r) => r.line))('looking inside with containerd %s', (line: Line) => {
  it('agrees with nsenter, ip and the links of /proc', async () => {
    await withRig(line, {}, async (containerd) => {
      const { web, shared, host } = await populate(containerd);
      const pause = initPid(containerd, web.id);
      await until(
        'both to listen',
        () =>
          inside(pause, 'cat', '/proc/net/tcp', '/proc/net/tcp6').match(/:005[01] \S+ 0A /g)?.length === 2,
      );
      await listed(containerd, [web, shared, host]);
      await trees(containerd, [web, shared, host]);
      await network(containerd, web);
      await owners(containerd, web);
      await logs(containerd, web);
      await truthful(containerd, [web, shared, host]);
    });
  });

  it('shows a container in another pod’s network namespace, and pods of a frozen runtime', async () => {
    await withRig(line, {}, async (containerd) => {
      const other = await makePod(containerd, { name: 'other' });
      const pod = await containerInWrongPod(containerd, { name: 'broken' }, other);
      const { pods } = await json<{ pods: PodTree[] }>(containerd, 'tree', 'rig/broken');
      const net = fs.readlinkSync(`/proc/${initPid(containerd, other.id)}/ns/net`);
      expect(pods[0]?.containers[0]?.differs).toEqual([{ type: 'net', ns: net, whose: 'rig/other' }]);
      const { truths } = await json<InspectReport>(containerd, 'inspect', 'rig/broken');
      expect(truths.filter((t) => t.differs !== '').map((t) => t.differs)).toEqual([
        `app is in another net namespace than its sandbox: ${net}, that of rig/other`,
      ]);
      const app = initPid(containerd, pod.containers[0]?.id ?? '');
      const process = await json<InspectReport>(containerd, 'inspect', String(app));
      expect(process.truths.find((t) => t.about === 'net')?.differs).toMatch(/^its pod is in net:/);

      const dead = await makePod(containerd, { name: 'dead' });
      await killPause(containerd, dead);
      const headless = await json<InspectReport>(containerd, 'inspect', 'rig/dead');
      expect(headless.truths.map((t) => t.differs)).toContain(
        'the runtime calls it notready, and 1 container runs',
      );

      const thaw = await freezeContainerd(containerd);
      try {
        const args = ['-r', containerd.socket, '-t', '1s'];
        const ps = await runPodctl(['ps', ...args]);
        expect(ps.code).toBe(3);
        expect(ps.stdout).toMatch(/unknown +broken +rig/);
        expect((await runPodctl(['owner', '10.254.254.254', ...args])).code).toBe(3);
      } finally {
        thaw();
      }
    });
  });

  it('finds no owner of what a pod left behind', async () => {
    await withRig(line, {}, async (containerd) => {
      const pod = await makePod(containerd, { name: 'gone' });
      const { pods } = await json<{ pods: PodSummary[] }>(containerd, 'ps');
      const address = pods[0]?.addresses?.[0]?.split('/')[0] ?? '';
      const pin = await leakPin(containerd, pod);
      for (const thing of [pin, address, path.join(containerd.ipamDir, containerd.cniNetwork, address)]) {
        const { code, meanings } = await json<{ meanings: OwnerMeaning[] }>(containerd, 'owner', thing);
        expect([thing, code, meanings.map((m) => m.verdict)]).toEqual([thing, 1, ['nobody']]);
      }
    });
  });
});

async function listed(containerd: Containerd, pods: Pod[]): Promise<void> {
  const ps = await json<{ pods: PodSummary[] }>(containerd, 'ps');
  expect(ps.pods.map((p) => p.id).sort()).toEqual(pods.map((p) => p.id).sort());
  for (const pod of pods) {
    const pause = initPid(containerd, pod.id);
    const seen = ps.pods.find((p) => p.id === pod.id);
    const global = inside(pause, 'ip', '-o', '-4', 'addr', 'show', 'scope', 'global').match(/inet (\S+)/);
    expect(seen).toMatchObject({
      title: `${pod.namespace}/${pod.name}`,
      state: 'ready',
      pause: { pid: pause },
      netns: {
        id: fs.readlinkSync(`/proc/${pause}/ns/net`),
        path: pinOf(containerd, pod.id) ?? '',
        host: pod.wanted.hostNetwork ?? false,
      },
    });
    if (!pod.wanted.hostNetwork) expect(seen?.addresses).toEqual([global?.[1]]);
    expect(seen?.containers.map((c) => [c.name, c.pid])).toEqual(
      pod.containers.map((c) => [c.name, initPid(containerd, c.id)]),
    );
  }
}

async function trees(containerd: Containerd, pods: Pod[]): Promise<void> {
  for (const pod of pods) {
    const {
      pods: [tree],
    } = await json<{ pods: PodTree[] }>(containerd, 'tree', pod.id);
    const pause = initPid(containerd, pod.id);
    for (const type of ['net', 'ipc', 'uts', 'pid'] as const)
      expect(tree?.namespaces[type]).toBe(fs.readlinkSync(`/proc/${pause}/ns/${type}`));
    expect(tree?.strangers).toEqual([]);
    for (const container of tree?.containers ?? []) {
      expect(container).toMatchObject({ differs: [], judged: true });
      expect(container.processes[0]?.pid).toBe(container.pid);
      for (const child of container.processes[0]?.children ?? []) {
        const stat = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8');
        expect(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]).toBe(String(container.pid));
      }
    }
    if (pod.name === 'shared') expect(tree?.containers[0]?.processes[0]?.children.length).toBe(1);
  }
}

async function network(containerd: Containerd, web: Pod): Promise<void> {
  const report = await json<NetnsReport>(containerd, 'netns', 'rig/web');
  const pause = initPid(containerd, web.id);
  const links = JSON.parse(inside(pause, 'ip', '-j', 'addr')) as {
    ifname: string;
    address: string;
    mtu: number;
    link_index?: number;
    addr_info: { local: string; prefixlen: number }[];
  }[];
  expect(report.interfaces.map(({ name, mac, mtu, addresses }) => ({ name, mac, mtu, addresses }))).toEqual(
    links.map((l) => ({
      name: l.ifname,
      mac: l.address,
      mtu: l.mtu,
      addresses: l.addr_info.map((a) => `${a.local}/${a.prefixlen}`),
    })),
  );
  const eth0 = links.find((l) => l.ifname === 'eth0');
  const host = JSON.parse(execFileSync('ip', ['-j', 'link'], { encoding: 'utf8' })) as {
    ifindex: number;
    ifname: string;
    master?: string;
  }[];
  const end = host.find((l) => l.ifindex === eth0?.link_index);
  expect(report.interfaces.find((i) => i.name === 'eth0')?.hostEnd).toEqual({
    name: end?.ifname,
    up: true,
    bridge: containerd.bridge,
    bridgeUp: true,
  });
  expect(end?.master).toBe(containerd.bridge);
  const routes = JSON.parse(inside(pause, 'ip', '-j', '-4', 'route')) as { dst: string; gateway?: string }[];
  const four = report.routes.filter((r) => !r.destination.includes(':'));
  expect(four.map((r) => [r.destination === '0.0.0.0/0' ? 'default' : r.destination, r.gateway])).toEqual(
    routes.map((r) => [r.dst, r.gateway ?? '']),
  );
  const held = report.listeners.map((l) => [l.port, l.holders.map((h) => [h.container, h.pid])]);
  expect(held.sort()).toEqual(
    [
      [81, [['proxy', initPid(containerd, web.containers[1]?.id ?? '')]]],
      [80, [['server', initPid(containerd, web.containers[0]?.id ?? '')]]],
    ].sort(),
  );
  expect(report.conflicts).toEqual([]);
}

async function owners(containerd: Containerd, web: Pod): Promise<void> {
  const pause = initPid(containerd, web.id);
  const server = web.containers[0]?.id ?? '';
  const pin = pinOf(containerd, web.id) ?? '';
  const { interfaces } = await json<NetnsReport>(containerd, 'netns', web.id);
  const eth0 = interfaces.find((i) => i.name === 'eth0');
  const address = eth0?.addresses[0]?.split('/')[0] ?? '';
  const cache = fs
    .readdirSync('/var/lib/cni/results')
    .find((name) => name.includes(web.id) && name.endsWith('eth0'));
  const cgroup = /^\d+:[^:]*(?:pids[^:]*)?:(.+)$/m.exec(
    fs.readFileSync(`/proc/${pause}/cgroup`, 'utf8'),
  )?.[1];
  const net = fs.readlinkSync(`/proc/${pause}/ns/net`);
  const things: [string, string][] = [
    [String(pause), 'process'],
    [String(initPid(containerd, server)), 'process'],
    [net, 'namespace'],
    [/\d+/.exec(net)?.[0] ?? '', 'namespace'],
    [`/proc/${pause}/ns/ipc`, 'namespace'],
    [pin, 'pin'],
    [eth0?.hostEnd?.name ?? '', 'link'],
    [address, 'address'],
    [eth0?.mac ?? '', 'mac'],
    [web.id, 'sandbox'],
    [web.id.slice(0, 12), 'sandbox'],
    [server.slice(0, 12), 'container'],
    [web.uid, 'uid'],
    [path.join(containerd.ipamDir, containerd.cniNetwork, address), 'reservation'],
    [`/var/lib/cni/results/${cache}`, 'cache entry'],
    [cgroup ?? '', 'cgroup'],
    [`/sys/fs/cgroup/pids${cgroup}`, 'cgroup'],
    [path.join(containerd.bundles, web.id, 'config.json'), 'path'],
    ['rig/web', 'pod'],
  ];
  for (const [thing, kind] of things) {
    const { code, meanings } = await json<{ meanings: OwnerMeaning[] }>(containerd, 'owner', thing);
    expect([thing, code, meanings.map((m) => [m.kind, m.verdict, m.owner?.id])]).toEqual([
      thing,
      0,
      [[kind, 'pod', web.id]],
    ]);
    expect(meanings[0]?.how.at(-1)?.at).toBe(`sandbox ${web.id}`);
  }
  const nodes = await json<{ meanings: OwnerMeaning[] }>(containerd, 'owner', containerd.bridge);
  expect(nodes.meanings.map((m) => m.verdict)).toEqual(['node']);
}

async function logs(containerd: Containerd, web: Pod): Promise<void> {
  const run = (...args: string[]) => runPodctl(['logs', 'rig/web', ...args, '-r', containerd.socket]);
  expect(await run('server')).toMatchObject({ code: 0, stdout: 'started\n', stderr: 'trouble\n' });
  expect((await run('server', '--timestamps')).stdout).toMatch(/^\d{4}-\d\d-\d\dT\S+Z started\n$/);
  const log = path.join(containerd.dir, 'logs/counter_0.log');
  await until('three lines', () => fs.readFileSync(log, 'utf8').split('\n').length > 3);
  expect((await run('counter', '--tail', '2')).stdout).toMatch(/^\d+\n\d+\n$/);

  let followed = 0;
  const following = runPodctl(['logs', 'rig/web', 'counter', '-f', '--tail', '0', '-r', containerd.socket], {
    started: (pid) => {
      followed = pid;
    },
  });
  await until('the log to be followed', () => filesOf(followed).includes(log));
  const before = fs.readFileSync(log, 'utf8').split('\n').length;
  await until('more lines', () => fs.readFileSync(log, 'utf8').split('\n').length > before + 4);
  process.kill(initPid(containerd, web.containers[2]?.id ?? ''), 'SIGKILL');
  const { code, stdout } = await following;
  expect(code).toBe(0);
  const numbers = stdout.trim().split('\n').map(Number);
  expect(numbers.length).toBeGreaterThan(4);
  expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));

  const pause = await run();
  expect(pause).toMatchObject({ code: 1, stdout: '' });
  expect(pause.stderr).toContain(
    `containerd keeps no output of a pause: stdout and stderr of its pause, process ${initPid(containerd, web.id)}, are /dev/null`,
  );
  expect(await run('nobody')).toMatchObject({ code: 1, stdout: '' });
  const server = path.join(containerd.dir, 'logs/server_0.log');
  fs.rmSync(server);
  expect((await run('server')).stderr).toMatch(/^error: the log of container server of rig\/web is gone/);
  fs.symlinkSync('/etc/passwd', server);
  const linked = await run('server');
  expect(linked).toMatchObject({ code: 2, stdout: '' });
  expect(linked.stderr).toContain('is a link to /etc/passwd, which is not followed');
}

async function truthful(containerd: Containerd, pods: Pod[]): Promise<void> {
  for (const pod of pods) {
    const { truths } = await json<InspectReport>(containerd, 'inspect', pod.id);
    expect(truths.filter((t) => t.differs !== '')).toEqual([]);
  }
}

/** Files that a process has open. */
function filesOf(pid: number): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return pid === 0 ? [] : fs.readdirSync(folder).flatMap((fd) => linkOf(`${folder}/${fd}`));
  } catch {
    return [];
  }
}

function linkOf(file: string): string[] {
  try {
    return [fs.readlinkSync(file)];
  } catch {
    return [];
  }
}
