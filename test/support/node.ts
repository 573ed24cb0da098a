import type { Facts, Process } from '../../src/model/facts.ts';
import type { NsId, NsType } from '../../src/model/namespace.ts';
import { PAUSE_VERSIONS } from '../../src/model/pause-version-data.ts';
import { healthyCanary } from './canary.ts';
import { ordinaryLimits } from './limits.ts';
import { podNetwork } from './pod-network.ts';

/** Noon of a day; the machine has been up for ten days, everything on it for a day. */
export const NOW = Date.UTC(2026, 10, 23, 12);
export const DAY = 86_400_000;
const UPTIME = 864_000;
export const YOUNG_TICKS = (UPTIME - 2) * 100;
export const OLD_TICKS = (UPTIME - 86_400) * 100;

export const PAUSE = 'registry.k8s.io/pause:3.10';
export const PAUSE_ID = `sha256:${'9'.repeat(64)}`;
export const SOCKET = '/run/containerd/containerd.sock';

/** A 64-hex id that begins with the given digits. */
export function id(prefix: string): string {
  return prefix.padEnd(64, '0');
}

export function ns(n: number): NsId {
  return `4:${4_026_530_000 + n}`;
}

export const HOST_NS: Record<NsType, NsId | null> = {
  cgroup: ns(1),
  ipc: ns(2),
  mnt: ns(3),
  net: ns(4),
  pid: ns(5),
  time: ns(6),
  user: ns(7),
  uts: ns(8),
};

/** An empty healthy node with containerd 2.1.9. Every call gives objects of its own, to be altered at will. */
export function emptyNode(): Facts {
  return {
    host: {
      hostname: 'worker-1',
      kernel: '6.18.0',
      arch: 'x64',
      bootId: '8d6f2a4e-0000-4000-8000-000000000001',
      bootTime: NOW - UPTIME * 1000,
      uptime: UPTIME,
      now: NOW,
      ticksPerSecond: 100,
      cgroup: 'v2',
      self: { ...HOST_NS },
      init: { ...HOST_NS },
    },
    daemons: [
      {
        kind: 'containerd',
        pid: 100,
        startTicks: OLD_TICKS,
        state: 'S',
        exe: '/usr/bin/containerd',
        mnt: HOST_NS.mnt,
        flags: { address: SOCKET },
      },
    ],
    endpoints: {
      chosen: { path: SOCKET, source: 'well-known', state: 'socket' },
      candidates: [{ path: SOCKET, source: 'well-known', state: 'socket' }],
      traces: [{ path: '/etc/containerd/config.toml', what: 'configuration' }],
    },
    runtime: {
      endpoint: SOCKET,
      name: 'containerd',
      version: '2.1.9',
      apiVersion: 'v1',
      conditions: [
        { type: 'RuntimeReady', status: true, reason: '', message: '' },
        { type: 'NetworkReady', status: true, reason: '', message: '' },
      ],
      sandboxImage: null,
      rootDir: '/var/lib/containerd',
      stateDir: '/run/containerd',
      cgroupDriver: 'cgroupfs',
      cniLoadErrors: [],
    },
    runtimeConfig: {
      runtime: 'containerd',
      files: [
        { path: '/etc/containerd/config.toml', version: 3, mtime: NOW - 2 * DAY, sha256: 'ab', error: null },
      ],
      sandboxImage: { value: PAUSE, file: '/etc/containerd/config.toml', line: 6, origin: 'file' },
      statedSandboxImage: { value: PAUSE, file: '/etc/containerd/config.toml', line: 6, origin: 'file' },
      defaultSandboxImage: PAUSE,
      ignored: [],
      rootDir: '/var/lib/containerd',
      stateDir: '/run/containerd',
      address: SOCKET,
      netnsDir: '/run/netns',
      dropsInfra: false,
      daemonStartedAt: NOW - DAY,
    },
    pins: {
      pins: [],
      folders: [{ path: '/run/netns', mtime: NOW - DAY }],
      seenBy: { pid: 100, what: 'runtime' },
      attachments: [],
    },
    ...podNetwork(),
    cgroups: [],
    ownSandboxes: [],
    sandboxes: [],
    containers: [],
    images: [
      { id: PAUSE_ID, tags: [PAUSE], digests: [], size: 21_276, pinned: true },
      {
        id: `sha256:${'5'.repeat(64)}`,
        tags: ['docker.io/library/busybox:1.36'],
        digests: [],
        size: 2e6,
        pinned: false,
      },
    ],
    store: { records: [], sandboxes: [] },
    storeContainers: [],
    tasks: [],
    processes: [bareProcess(1, 'systemd'), bareProcess(100, 'containerd')],
    reapers: [],
    abstractSockets: [],
    memoryKills: [],
    bundles: [],
    sockets: [],
    limits: ordinaryLimits(),
    stalls: { threads: [], mounts: [], databases: [], asked: 0, waitedMs: 1500 },
    kubelet: { pid: 90, version: '1.32.4', startedAt: NOW - DAY, flags: {} },
    pauseVersions: structuredClone(PAUSE_VERSIONS),
    kubeletConfig: {
      files: [{ path: '/var/lib/kubelet/config.yaml', mtime: NOW - 2 * DAY, error: null }],
      cgroupDriver: { value: 'cgroupfs', at: '/var/lib/kubelet/config.yaml:3' },
      imageGcHighPercent: null,
      resolver: {
        value: '/etc/resolv.conf',
        at: 'built-in default',
        origin: 'default',
        state: 'there',
        leadsTo: '/etc/resolv.conf',
      },
      pauseFlags: [],
      isKubeadms: true,
      installedVersion: null,
    },
    podOwners: {
      kubelet: 'runs',
      folders: [],
      manifests: [],
      pods: [],
      source: 'http://127.0.0.1:10255/pods',
      why: '',
    },
    imageStore: { images: [], elsewhere: [] },
    pauseContent: {
      image: PAUSE,
      imageId: PAUSE_ID,
      architecture: 'amd64',
      entrypoint: '/pause',
      program: {
        path: '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/pause',
        kind: 'elf',
        size: 741_824,
        executable: true,
        machine: 62,
      },
      emulators: [],
    },
    crioStorage: {
      root: '/var/lib/containers/storage',
      sandboxes: [],
      shm: [],
      shutdown: {
        versionFile: { path: '/var/run/crio/version', isThere: true },
        clean: { path: '/var/lib/crio/clean.shutdown', isThere: false, supported: true },
      },
    },
    podman: { places: [] },
    criDockerd: {
      pid: 80,
      image: null,
      rootDir: '/var/lib/cri-dockerd',
      checkpoints: [],
      docker: [],
      why: '',
    },
    canary: healthyCanary(),
    ownConfig: { files: [], ignores: [], checkFiles: [] },
    nodeImage: { name: '', os: '', arch: 'x64', programs: [] },
    runtimeLog: [{ pid: 100, kind: 'containerd', source: '/var/log/containerd.log', events: [] }],
  };
}

export function bareProcess(pid: number, comm: string): Process {
  return {
    pid,
    ppid: pid === 1 ? 0 : 1,
    startTicks: OLD_TICKS,
    state: 'S',
    comm,
    cgroup: '/',
    containerId: null,
    podUid: null,
    ns: { ...HOST_NS },
    shim: null,
    cni: null,
  };
}

export { judge, unread } from './judge.ts';
export { addPod, healthyNode, kill, type Pod, type PodOptions } from './pod.ts';
export { attach, makePodNetwork, type PodNetwork } from './pod-network.ts';
