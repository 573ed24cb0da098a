import type {
  Container,
  Facts,
  KnownPod,
  PodCgroup,
  Process,
  Sandbox,
  StoreRecord,
} from '../../src/model/facts.ts';
import {
  bareProcess,
  DAY,
  emptyNode,
  HOST_NS,
  id,
  NOW,
  ns,
  OLD_TICKS,
  PAUSE,
  SOCKET,
  YOUNG_TICKS,
} from './node.ts';
import { attach, makePodNetwork, type PodNetwork } from './pod-network.ts';

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
  /** For a pod in the host's network it is in no fact. */
  network: PodNetwork;
  cgroup: PodCgroup;
  /** kubelet's folder of it, and the pod as kubelet lists it. */
  folder: { path: string; uid: string; mtime: number };
  known: KnownPod;
}

/** Adds a healthy pod with its shim, pause, pin, bundle, record and containers. `n` makes its ids and numbers. */
export function addPod(node: Facts, n: number, name: string, options: PodOptions = {}): Pod {
  const sandboxId = id(`a${n}`);
  const pinPath = `/run/netns/cni-00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const startTicks = options.young ? YOUNG_TICKS : OLD_TICKS;
  const createdAt = options.young ? NOW - 2000 : NOW - DAY + 60_000;
  const base = n * 100;
  const ownNet = ns(base + 1);
  const net = options.hostNetwork ? HOST_NS.net : ownNet;
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
  const network = makePodNetwork(n, { id: sandboxId, ns: ownNet, pinPath, mtime: createdAt });
  if (!options.hostNetwork) attach(node, network);
  const cgroup: PodCgroup = {
    path: `/kubepods/pod${meta.uid}`,
    uid: meta.uid,
    mtime: createdAt,
    hierarchies: ['/sys/fs/cgroup'],
    populated: true,
    containers: [sandboxId, ...containers.map((c) => c.listed.id)],
    confirmed: true,
  };
  node.cgroups.push(cgroup);
  const folder = { path: `/var/lib/kubelet/pods/${meta.uid}`, uid: meta.uid, mtime: createdAt };
  node.podOwners.folders?.push(folder);
  const known: KnownPod = {
    uid: meta.uid,
    namespace: meta.namespace,
    name,
    phase: 'Running',
    staticUid: '',
  };
  node.podOwners.pods?.push(known);
  return { sandbox, record, pause, shim, containers, pinPath, network, cgroup, folder, known };
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
