import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { NetnsReport } from '../../src/model/netns-report.ts';
import type { OwnerMeaning } from '../../src/model/owner-report.ts';
import type { Containerd } from '../rig/containerd.ts';
import { initPid, type Pod, pinOf } from '../rig/pods.ts';
import { json } from './inside-ask.ts';

export async function owners(containerd: Containerd, web: Pod): Promise<void> {
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
