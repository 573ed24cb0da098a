import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { NamespaceMode, Protocol } from '../../src/cri/gen/cri_pb.js';
import type { Containerd } from './containerd.ts';
import { APP_IMAGE } from './images.ts';

export interface ContainerWanted {
  name: string;
  /** Default: sleep for a day. */
  command?: string[];
  privileged?: boolean;
  attempt?: number;
  /** Asks for the host's namespaces, which runtimes ignore inside a sandbox that has its own. */
  claimsHost?: boolean;
}

export interface PodWanted {
  name: string;
  namespace?: string;
  uid?: string;
  attempt?: number;
  hostNetwork?: boolean;
  hostPid?: boolean;
  hostIpc?: boolean;
  sharePid?: boolean;
  labels?: Record<string, string>;
  /** Folder for the logs of its containers, which are called NAME_ATTEMPT.log. Default: none are kept. */
  logs?: string;
  /** Default: a pod folder of kubelet's form below the rig's own cgroup. */
  cgroupParent?: string;
  /** Ports of the host that lead to the same port of the pod. */
  hostPorts?: number[];
  /** Default: one container called app. */
  containers?: ContainerWanted[];
}

/** A pod that was made. Ids are full; containers are in the order asked for. */
export interface Pod {
  id: string;
  uid: string;
  namespace: string;
  name: string;
  attempt: number;
  containers: { id: string; name: string }[];
  wanted: PodWanted;
}

/** What it takes to make pods: also from another process than the one that started the runtime. */
export type PodMaker = Pick<Containerd, 'session' | 'cgroupRoot'>;

/** Makes a sandbox and starts its containers, as a kubelet would. */
export async function makePod(containerd: PodMaker, wanted: PodWanted): Promise<Pod> {
  const { name, namespace = 'rig', uid = randomUUID(), attempt = 0 } = wanted;
  const pod: Pod = { id: '', uid, namespace, name, attempt, containers: [], wanted };
  const config = sandboxConfig(containerd, pod);
  const made = await containerd.session.call('RunPodSandbox', (c, o) =>
    c.runtime.runPodSandbox({ config }, o),
  );
  pod.id = made.podSandboxId;
  for (const container of wanted.containers ?? [{ name: 'app' }]) {
    pod.containers.push({ name: container.name, id: await addContainer(containerd, pod, container) });
  }
  return pod;
}

function sandboxConfig(containerd: PodMaker, { name, namespace, uid, attempt, wanted }: Pod) {
  return {
    metadata: { name, namespace, uid, attempt },
    hostname: wanted.hostNetwork ? '' : name,
    logDirectory: wanted.logs ?? '',
    portMappings: (wanted.hostPorts ?? []).map((port) => ({
      protocol: Protocol.TCP,
      containerPort: port,
      hostPort: port,
      hostIp: '',
    })),
    labels: { 'io.kubernetes.pod.name': name, 'io.kubernetes.pod.uid': uid, ...wanted.labels },
    linux: {
      cgroupParent: wanted.cgroupParent ?? `${containerd.cgroupRoot}/kubepods/besteffort/pod${uid}`,
      securityContext: {
        namespaceOptions: modes(wanted),
        privileged: wanted.containers?.some((c) => c.privileged) ?? false,
      },
    },
  };
}

/** Creates and starts one container in a pod; gives its id. */
export async function addContainer(containerd: PodMaker, pod: Pod, wanted: ContainerWanted): Promise<string> {
  const request = {
    podSandboxId: pod.id,
    sandboxConfig: sandboxConfig(containerd, pod),
    config: {
      metadata: { name: wanted.name, attempt: wanted.attempt ?? 0 },
      image: { image: APP_IMAGE },
      command: wanted.command ?? ['sleep', '86400'],
      logPath: pod.wanted.logs === undefined ? '' : `${wanted.name}_${wanted.attempt ?? 0}.log`,
      labels: { 'io.kubernetes.container.name': wanted.name, 'io.kubernetes.pod.uid': pod.uid },
      linux: {
        securityContext: {
          privileged: wanted.privileged ?? false,
          namespaceOptions: modes(
            wanted.claimsHost ? { name: '', hostNetwork: true, hostPid: true, hostIpc: true } : pod.wanted,
          ),
        },
      },
    },
  };
  const { session } = containerd;
  const { containerId } = await session.call('CreateContainer', (c, o) =>
    c.runtime.createContainer(request, o),
  );
  await session.call('StartContainer', (c, o) => c.runtime.startContainer({ containerId }, o));
  return containerId;
}

function modes(wanted: PodWanted) {
  const { NODE, POD, CONTAINER } = NamespaceMode;
  return {
    network: wanted.hostNetwork ? NODE : POD,
    pid: wanted.hostPid ? NODE : wanted.sharePid ? POD : CONTAINER,
    ipc: wanted.hostIpc ? NODE : POD,
  };
}

/** Makes many pods, a few at a time. */
export async function makePods(containerd: PodMaker, wanted: PodWanted[], parallel = 4): Promise<Pod[]> {
  const pods: Pod[] = [];
  const queue = [...wanted.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      pods[next[0]] = await makePod(containerd, next[1]);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return pods;
}

export async function stopPod(containerd: PodMaker, podSandboxId: string): Promise<void> {
  await containerd.session.call('StopPodSandbox', (c, o) => c.runtime.stopPodSandbox({ podSandboxId }, o));
}

/** Stops and removes a sandbox with its containers. */
export async function removePod(containerd: PodMaker, podSandboxId: string): Promise<void> {
  await stopPod(containerd, podSandboxId);
  await containerd.session.call('RemovePodSandbox', (c, o) =>
    c.runtime.removePodSandbox({ podSandboxId }, o),
  );
}

/** Runs a program in a container; gives its stdout. Throws with its stderr when it fails. */
export async function execIn(containerd: PodMaker, containerId: string, cmd: string[]): Promise<string> {
  const answer = await containerd.session.call('ExecSync', (c, o) =>
    c.runtime.execSync({ containerId, cmd, timeout: 20n }, o),
  );
  if (answer.exitCode !== 0) {
    throw new Error(
      `${cmd.join(' ')} ended with ${answer.exitCode}: ${new TextDecoder().decode(answer.stderr)}`,
    );
  }
  return new TextDecoder().decode(answer.stdout);
}

/** Pid of the init process of a sandbox (its pause) or container. Throws when it has none. */
export function initPid(containerd: Containerd, id: string): number {
  return Number(fs.readFileSync(path.join(containerd.bundles, id, 'init.pid'), 'utf8'));
}

/** Path of a sandbox's network namespace pin, from its bundle; null for host network. */
export function pinOf(containerd: Containerd, sandboxId: string): string | null {
  const file = path.join(containerd.bundles, sandboxId, 'config.json');
  const spec = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    linux: { namespaces: { type: string; path?: string }[] };
  };
  const found = spec.linux.namespaces.find((ns) => ns.type === 'network')?.path;
  return found === undefined ? null : found.replace(/^\/var\/run\//, '/run/');
}
