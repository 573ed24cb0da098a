import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Gathering } from '../../src/collect/gather.ts';
import { parsePodList } from '../../src/collect/pod-list.ts';
import { end, findings, found, look } from '../captures/alter.ts';
import { forget, OF_WEB, WEB } from '../captures/crio.ts';
import { type CriCapture, readCapture } from '../captures/load.ts';

const DAY_NS = 86_400_000_000_000n;
/** Of the pod that shares its PID namespace: the one pause that CRI-O keeps, and a container. */
const [PAUSE, SHARER] = [14415, 14458];
const GONE = '11111111-2222-4333-8444-555555555555';
const LEFT = `/kubepods/besteffort/pod${GONE}`;

function sandboxOf({ cri }: CriCapture, name: string) {
  const sandbox = cri.sandboxes.items.find(({ metadata }) => metadata.name === name);
  if (sandbox === undefined) throw new Error(`no sandbox ${name}`);
  return sandbox;
}

/** The cgroup of a pod that is gone, with the processes that are in it. */
function leave({ files }: CriCapture, ...pids: number[]): void {
  const inside = `crio-${'c'.repeat(64)}`;
  for (const hierarchy of ['pids', 'systemd', 'unified']) {
    const top = `/sys/fs/cgroup/${hierarchy}${LEFT}`;
    files[`${top}/cgroup.procs`] = '';
    files[`${top}/${inside}/cgroup.procs`] = pids.map((pid) => `${pid}\n`).join('');
    if (hierarchy !== 'unified') continue;
    for (const folder of [top, `${top}/${inside}`])
      files[`${folder}/cgroup.events`] = `populated ${pids.length > 0 ? 1 : 0}\nfrozen 0\n`;
  }
}

async function told(facts: Gathering, check: string) {
  return (await findings(facts)).filter((one) => one.check === check);
}

describe('the sandboxes of the captured node crio-1.37', () => {
  it('RB-02: CRI-O has lost the state of a container that runs, and of one that has ended', async () => {
    const capture = readCapture('crio-1.37');
    const lose = (pod: string, name: string) => {
      const { id } = sandboxOf(capture, pod);
      const all = capture.cri.containers.containers as unknown as {
        podSandboxId: string;
        metadata: { name: string };
        state: string;
      }[];
      for (const one of all)
        if (one.podSandboxId === id && one.metadata.name === name) one.state = 'CONTAINER_UNKNOWN';
    };
    lose('web', 'app');
    lose('old-web', 'app');
    expect(await found(await look(capture))).toEqual([
      'sandbox/unknown-container runs default/web/app',
      'sandbox/unknown-container ended default/old-web/app',
    ]);
  });

  it('RB-03: sandboxes from before the boot', async () => {
    const capture = readCapture('crio-1.37');
    const old = sandboxOf(capture, 'old-web');
    old.createdAt = String(BigInt(old.createdAt) - DAY_NS);
    const facts = await look(capture);
    expect(await found(facts)).toEqual([]);
    expect(await told(facts, 'sandbox/before-boot')).toMatchObject([
      { severity: 'info', messageId: 'rebooted' },
    ]);
  });

  it('the clock: a dead sandbox from the future, and an attempt that is older than the one before', async () => {
    const capture = readCapture('crio-1.37');
    const old = sandboxOf(capture, 'old-web');
    old.createdAt = String(BigInt(old.createdAt) + DAY_NS);
    expect(await found(await look(capture))).toEqual(['sandbox/clock-jump future default/old-web']);
    const young = structuredClone(sandboxOf(readCapture('crio-1.37'), 'old-web'));
    capture.cri.sandboxes.items.push({
      ...young,
      id: 'e'.repeat(64),
      metadata: { ...young.metadata, attempt: 1 },
    });
    expect(await found(await look(capture))).toEqual(['sandbox/clock-jump order default/old-web']);
  });

  it('NS-08: the pause of a shared PID namespace does not reap', async () => {
    const capture = readCapture('crio-1.37');
    const { files, links } = capture;
    files[`/proc/${PAUSE}/status`] =
      'Name:\tpause\nNSpid:\t14415\t1\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000004002\n';
    files[`/proc/${PAUSE}/wchan`] = '__do_sys_pause';
    const stat = files[`/proc/${SHARER}/stat`] ?? '';
    for (let pid = 20_001; pid <= 20_006; pid += 1) {
      files[`/proc/${pid}/stat`] = stat.replace(/^14458 \(sleep\) S 14442/, `${pid} (probe) Z ${PAUSE}`);
      files[`/proc/${pid}/cgroup`] = files[`/proc/${SHARER}/cgroup`] ?? '';
      files[`/proc/${pid}/cmdline`] = '';
      links[`/proc/${pid}/ns/pid`] = links[`/proc/${SHARER}/ns/pid`] ?? '';
    }
    const facts = await look(capture);
    expect(await found(facts)).toEqual(['sandbox/zombies piling default/sharedpid']);
    files[`/proc/${PAUSE}/status`] = files[`/proc/${PAUSE}/status`]?.replace('4002', '14002') ?? '';
    expect(await found(await look(capture))).toEqual([]);
  });

  it('SBX-10: the kernel killed a pause for want of memory', async () => {
    const capture = readCapture('crio-1.37');
    const sandbox = sandboxOf(capture, 'old-web');
    const cgroup = `/kubepods/besteffort/pod${sandbox.metadata.uid}`;
    capture.files['/dev/kmsg'] =
      `6,2731,13454447690,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${cgroup},task_memcg=${cgroup}/crio-${sandbox.id},task=pause,pid=4711,uid=65535\n`;
    expect(await found(await look(capture))).toEqual([
      'sandbox/pause-out-of-memory podLimit default/old-web',
    ]);
  });

  it('SBX-08: a dead sandbox keeps its network, and cannot be stopped without the plugin', async () => {
    const capture = readCapture('crio-1.37');
    sandboxOf(capture, 'web').state = 'SANDBOX_NOTREADY';
    const members = capture.cri.containers.containers as unknown as { podSandboxId: string; state: string }[];
    for (const one of members) if (one.podSandboxId === WEB) one.state = 'CONTAINER_EXITED';
    for (const pid of OF_WEB) end(capture, pid);
    const dead = await look(capture);
    expect(await found(dead)).toEqual([]);
    expect(await told(dead, 'sandbox/network-kept')).toMatchObject([
      { severity: 'info', messageId: 'unstopped', subject: { name: 'default/web' } },
    ]);
    const stuck = await look(capture, (root) => fs.rmSync(`${root}/usr/lib/cni/portmap`));
    expect(await found(stuck)).toEqual([
      'cni/plugin-missing missing portmap',
      'sandbox/network-kept noPlugin default/web',
    ]);
  });

  it('CG-04: no kubelet would remove the empty cgroup of a pod', async () => {
    const capture = readCapture('crio-1.37');
    leave(capture);
    const facts = await look(capture);
    expect(await found(facts)).toEqual([]);
    expect(await told(facts, 'cgroup/leaked')).toMatchObject([
      { severity: 'info', messageId: 'uncollected', subject: { id: LEFT } },
    ]);
  });

  it('CG-03: a process runs on in the cgroup of a pod that CRI-O has forgotten', async () => {
    const capture = readCapture('crio-1.37');
    forget(capture, WEB);
    expect(await found(await look(capture))).toEqual([
      'cgroup/occupied occupied /kubepods/besteffort/pod1c5385cf-96e4-4edf-a460-d800385375a7',
    ]);
    expect(await found(await look(capture), 86_400_000)).toEqual([]);
  });

  it('CG-01: pods in cgroups of the other driver', async () => {
    const capture = readCapture('crio-1.37');
    for (const pid of OF_WEB) {
      const file = `/proc/${pid}/cgroup`;
      capture.files[file] = (capture.files[file] ?? '').replace(
        /\/kubepods\/besteffort\/pod([\w-]+)\/crio-(\w+)$/gm,
        (_, uid, id) =>
          `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${uid.replaceAll('-', '_')}.slice/crio-${id}.scope`,
      );
    }
    expect(await found(await look(capture))).toEqual(['cgroup/driver-mismatch mixed /run/crio/crio.sock']);
  });
});

describe('the captured node kubelet-1.36-on-crio', () => {
  const FLAGS = '/proc/7786/cmdline';
  const CONFIG = '/var/lib/kubelet/config.yaml';

  it('SBX-16: the resolv.conf that kubelet reads is missing', async () => {
    const capture = readCapture('kubelet-1.36-on-crio');
    capture.files[FLAGS] += '--resolv-conf=/run/systemd/resolve/resolv.conf\0';
    expect(await found(await look(capture))).toEqual([
      'kubelet/resolv-conf-missing missing /run/systemd/resolve/resolv.conf',
    ]);
    capture.files['/run/systemd/resolve/resolv.conf'] = 'nameserver 192.0.2.53\n';
    expect(await found(await look(capture))).toEqual([]);
  });

  it('CG-01: kubelet of a version that does not ask names cgroups for systemd', async () => {
    const capture = readCapture('kubelet-1.36-on-crio');
    capture.files[CONFIG] = (capture.files[CONFIG] ?? '').replace(
      'cgroupDriver: cgroupfs',
      'cgroupDriver: systemd',
    );
    const facts = await look(capture);
    const { kubelet } = facts;
    if (kubelet?.status !== 'complete') throw new Error(JSON.stringify(kubelet));
    kubelet.value.version = '1.30.4';
    expect(await found(facts)).toEqual(['cgroup/driver-mismatch noLimits /run/crio/crio.sock']);
    kubelet.value.version = '1.36.2';
    expect(await found(facts)).toEqual([]);
  });

  it('SBX-07: kubelet does not know the pod of a running sandbox', async () => {
    const capture = readCapture('kubelet-1.36-on-crio');
    const facts = await look(capture);
    const { podOwners } = facts;
    if (podOwners?.status !== 'complete') throw new Error(JSON.stringify(podOwners));
    const pods = parsePodList(JSON.stringify(capture.kubeletPods)) ?? [];
    Object.assign(podOwners.value, { pods, source: 'http://127.0.0.1:10255/pods', why: '' });
    expect(await found(facts)).toEqual([]);
    const deleted = sandboxOf(capture, 'static-web-worker-1').metadata;
    podOwners.value.pods = pods.filter(({ uid }) => uid !== deleted.uid);
    podOwners.value.manifests = podOwners.value.manifests.filter(({ name }) => name !== 'static-web');
    expect(await found(facts)).toEqual(['sandbox/pod-deleted deleted default/static-web-worker-1']);
  });

  it('CG-04: the empty cgroup of a pod that kubelet does not know', async () => {
    const capture = readCapture('kubelet-1.36-on-crio');
    leave(capture);
    expect(await found(await look(capture))).toEqual([`cgroup/leaked leaked ${LEFT}`]);
  });
});
