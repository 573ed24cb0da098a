import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { expect } from 'vitest';
import type { PodSummary, PodTree } from '../../src/model/inside.ts';
import type { NetnsReport } from '../../src/model/netns-report.ts';
import type { InspectReport } from '../../src/model/truths.ts';
import type { Containerd } from '../rig/containerd.ts';
import { initPid, type Pod, pinOf } from '../rig/pods.ts';
import { inside, json } from './inside-ask.ts';

export async function listed(containerd: Containerd, pods: Pod[]): Promise<void> {
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

export async function trees(containerd: Containerd, pods: Pod[]): Promise<void> {
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
    }
    if (pod.name !== 'shared') continue;
    const [init] = tree?.containers[0]?.processes ?? [];
    expect(init?.children).toHaveLength(1);
    const stat = fs.readFileSync(`/proc/${init?.children[0]?.pid}/stat`, 'utf8');
    expect(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]).toBe(String(init?.pid));
  }
}

export async function network(containerd: Containerd, web: Pod): Promise<void> {
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

export async function truthful(containerd: Containerd, pods: Pod[]): Promise<void> {
  for (const pod of pods) {
    const { truths } = await json<InspectReport>(containerd, 'inspect', pod.id);
    expect(truths.flatMap((t) => (t.differs === '' ? [] : [`${t.about}: ${t.differs}`]))).toEqual([]);
  }
}
