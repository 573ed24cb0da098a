import { runChecks } from '../../src/check/engine.ts';
import type { Check, Settings } from '../../src/model/check.ts';
import type { Container, FactName, Facts, Process, Sandbox, StoreRecord } from '../../src/model/facts.ts';
import type { NsId, NsType } from '../../src/model/namespace.ts';
import { complete, type Outcome } from '../../src/model/outcome.ts';
import type { ReportedCheck } from '../../src/model/report.ts';

/** Noon of a day; the machine has been up for ten days, everything on it for a day. */
export const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;
const UPTIME = 864_000;
const YOUNG_TICKS = (UPTIME - 2) * 100;
const OLD_TICKS = (UPTIME - 86_400) * 100;

export const PAUSE = 'registry.k8s.io/pause:3.10';
export const PAUSE_ID = `sha256:${'9'.repeat(64)}`;
const SOCKET = '/run/containerd/containerd.sock';

/** A 64-hex id that begins with the given digits. */
export function id(prefix: string): string {
  return prefix.padEnd(64, '0');
}

export function ns(n: number): NsId {
  return `4:${4_026_530_000 + n}`;
}

const HOST_NS: Record<NsType, NsId | null> = {
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
    store: { records: [], tasks: [], sandboxes: [] },
    processes: [bareProcess(1, 'systemd'), bareProcess(100, 'containerd')],
    bundles: [],
    kubelet: { pid: 90, version: '1.32.4', startedAt: NOW - DAY, flags: {} },
  };
}

function bareProcess(pid: number, comm: string): Process {
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

export interface PodOptions {
  uid?: string;
  attempt?: number;
  /** Names of running containers. */
  containers?: string[];
  hostNetwork?: boolean;
  sharePid?: boolean;
  state?: Sandbox['state'];
  /** Just made, instead of a day old. */
  young?: boolean;
}

/** What belongs to one pod that was added to a node: the very objects in the facts. */
export interface Pod {
  sandbox: Sandbox;
  record: StoreRecord;
  pause: Process;
  shim: Process;
  containers: { listed: Container; init: Process }[];
  pinPath: string;
}

/** Adds a healthy pod with its shim, pause, pin, bundle, record and containers. `n` makes its ids and numbers. */
export function addPod(node: Facts, n: number, name: string, options: PodOptions = {}): Pod {
  const sandboxId = id(`a${n}`);
  const pinPath = `/run/netns/cni-00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const startTicks = options.young ? YOUNG_TICKS : OLD_TICKS;
  const createdAt = options.young ? NOW - 2000 : NOW - DAY + 60_000;
  const base = n * 100;
  const net = options.hostNetwork ? HOST_NS.net : ns(base + 1);
  const uts = options.hostNetwork ? HOST_NS.uts : ns(base + 3);
  const podNs = { ...HOST_NS, net, ipc: ns(base + 2), uts, pid: ns(base + 4), mnt: ns(base + 5) };
  const meta = { name, namespace: 'default', uid: options.uid ?? `uid-${n}`, attempt: options.attempt ?? 0 };
  const common = { startTicks, state: 'S', podUid: meta.uid, shim: null, cni: null };

  const shim: Process = {
    ...bareProcess(base + 10, 'containerd-shim'),
    startTicks,
    shim: { namespace: 'k8s.io', id: sandboxId, address: SOCKET },
  };
  const pause: Process = {
    ...common,
    pid: base + 11,
    ppid: shim.pid,
    comm: 'pause',
    cgroup: `/kubepods/pod${meta.uid}/${sandboxId}`,
    containerId: sandboxId,
    ns: podNs,
  };
  const sandbox: Sandbox = {
    ...meta,
    id: sandboxId,
    state: options.state ?? 'ready',
    createdAt,
    runtimeHandler: '',
  };
  const record: StoreRecord = {
    id: sandboxId,
    kind: 'sandbox',
    name: `${name}_default_${meta.uid}_${meta.attempt}`,
    netnsPath: options.hostNetwork ? null : `/var${pinPath}`,
    sandboxId: null,
    modes: {
      net: options.hostNetwork ? 'node' : 'pod',
      pid: options.sharePid ? 'pod' : 'container',
      ipc: 'pod',
    },
    image: PAUSE,
    imageId: null,
    createdAt,
  };
  const containers = (options.containers ?? ['app']).map((containerName, k) => {
    const containerId = id(`c${n}${k}`);
    const init: Process = {
      ...common,
      pid: base + 20 + k,
      ppid: shim.pid,
      comm: containerName,
      cgroup: `/kubepods/pod${meta.uid}/${containerId}`,
      containerId,
      ns: { ...podNs, pid: options.sharePid ? podNs.pid : ns(base + 20 + k), mnt: ns(base + 40 + k) },
    };
    const listed: Container = {
      id: containerId,
      sandboxId,
      name: containerName,
      attempt: 0,
      state: 'running',
      createdAt,
      image: 'docker.io/library/busybox:1.36',
      imageRef: '',
    };
    return { listed, init };
  });

  node.processes.push(shim, pause, ...containers.map((c) => c.init));
  node.sandboxes.push(sandbox);
  node.containers.push(...containers.map((c) => c.listed));
  node.store.records.push(record);
  node.store.sandboxes?.push(sandboxId);
  node.bundles.push({
    id: sandboxId,
    namespace: 'k8s.io',
    dir: `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${sandboxId}`,
    role: 'sandbox',
    sandboxId,
    meta,
    containerName: null,
    initPid: pause.pid,
    namespaces: options.hostNetwork
      ? { ipc: '', pid: '' }
      : { net: `/var${pinPath}`, ipc: '', uts: '', pid: '' },
  });
  for (const { listed } of options.sharePid ? containers : []) {
    node.bundles.push({
      id: listed.id,
      namespace: 'k8s.io',
      dir: `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${listed.id}`,
      role: 'container',
      sandboxId,
      meta,
      containerName: listed.name,
      initPid: null,
      namespaces: { net: `/proc/${pause.pid}/ns/net`, pid: `/proc/${pause.pid}/ns/pid` },
    });
  }
  if (!options.hostNetwork) {
    node.pins.pins.push({
      path: pinPath,
      type: 'net',
      ns: net,
      mounts: 1,
      confirmed: true,
      scheme: 'containerd',
    });
    node.pins.attachments.push({
      path: `/var/lib/cni/results/podnet-${sandboxId}-eth0`,
      containerId: sandboxId,
      network: 'podnet',
      netns: `/var${pinPath}`,
      mtime: createdAt,
    });
  }
  return { sandbox, record, pause, shim, containers, pinPath };
}

/** A node with three ordinary pods: two containers, hostNetwork, shared PID namespace. */
export function healthyNode(): Facts {
  const node = emptyNode();
  addPod(node, 1, 'web', { containers: ['app', 'sidecar'] });
  addPod(node, 2, 'agent', { hostNetwork: true });
  addPod(node, 3, 'shared', { sharePid: true, containers: ['app', 'debug'] });
  return node;
}

/** Takes processes out of the table, as if they had died. */
export function kill(node: Facts, ...dead: Process[]): void {
  node.processes = node.processes.filter((p) => !dead.includes(p));
}

const SETTINGS: Settings = { minAgeMs: 60_000 };

/** What the engine makes of one check on these facts; `instead` replaces facts by other outcomes. */
export async function judge(
  check: Check,
  node: Facts,
  instead: Partial<Record<FactName, Outcome<never>>> = {},
  settings: Partial<Settings> = {},
): Promise<ReportedCheck> {
  const outcomes = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, { ...complete(value), ms: 0 }]),
  );
  const [judged] = await runChecks([check], { ...outcomes, ...instead }, { ...SETTINGS, ...settings });
  if (judged === undefined) throw new Error('the engine gave no verdict');
  return judged;
}

/** An outcome of a fact that could not be read. */
export function unread(
  code: 'timeout' | 'unavailable' | 'denied' | 'missing',
  message: string,
): Outcome<never> {
  return { status: 'failed', problem: { code, message }, ms: 1 };
}
