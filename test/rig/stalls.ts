import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ownShims } from './belongings.ts';
import type { Containerd } from './containerd.ts';
import { namesIn } from './files.ts';
import { APP_IMAGE } from './images.ts';
import { makePod, type Pod, type PodWanted } from './pods.ts';
import { commandLine, stateOf, until } from './process.ts';
import { sh } from './sh.ts';
import { busybox } from './teardown.ts';

/** Stops the shim of a pod with a signal. Gives its pid. */
export async function stopShim(containerd: Containerd, pod: Pod): Promise<number> {
  const shim = ownShims(containerd).find((pid) => commandLine(pid).includes(pod.id));
  if (shim === undefined) throw new Error(`${pod.name} has no shim`);
  process.kill(shim, 'SIGSTOP');
  await until('the shim to stand still', () => stateOf(shim) === 'T');
  return shim;
}

/**
 * A user file system whose server never answers, as the volume of a pod whose container is being made: the runtime
 * waits for it. Gives the mount point. It lives as long as the rig, or this process.
 */
export async function hungVolume(containerd: Containerd, pod: Pod): Promise<string> {
  const volume = path.join(containerd.dir, 'kubelet/pods', pod.uid, 'volumes/kubernetes.io~nfs/data');
  fs.mkdirSync(volume, { recursive: true });
  const server = fs.openSync('/dev/fuse', 'r+');
  await mountFuse(server, volume);
  const config = {
    metadata: { name: 'waits', attempt: 0 },
    image: { image: APP_IMAGE },
    command: ['sleep', '86400'],
    mounts: [{ containerPath: '/data', hostPath: volume }],
    linux: { securityContext: {} },
  };
  const sandboxConfig = { metadata: { name: pod.name, namespace: pod.namespace, uid: pod.uid, attempt: 0 } };
  // Nobody waits for the answer: there is none.
  containerd.session
    .call('CreateContainer', (c, o) =>
      c.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig }, o),
    )
    .catch(() => {});
  await until('the runtime to wait', () => waits(containerd.pid()));
  return volume;
}

function mountFuse(server: number, at: string): Promise<void> {
  const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
  return new Promise((resolve, reject) => {
    const child = spawn(busybox(), ['mount', '-t', 'fuse', '-o', options, 'nobody', at], {
      stdio: ['ignore', 'ignore', 'inherit', server],
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`mount ended with ${code}`))));
  });
}

/** containerd's folder of sandboxes on a disk of its own that is frozen while a pod is made. Gives the way back. */
export async function frozenDisk(containerd: Containerd, wanted: PodWanted): Promise<() => Promise<void>> {
  const folder = path.join(containerd.root, 'io.containerd.grpc.v1.cri/sandboxes');
  const image = path.join(containerd.dir, 'disk');
  fs.writeFileSync(image, '');
  fs.truncateSync(image, 16 * 1024 * 1024);
  await sh('mkfs.ext4', ['-q', image]);
  fs.mkdirSync(folder, { recursive: true });
  const kept = `${folder}.kept`;
  fs.cpSync(folder, kept, { recursive: true });
  await sh(busybox(), ['mount', '-o', 'loop', image, folder]);
  for (const name of namesIn(kept))
    fs.cpSync(path.join(kept, name), path.join(folder, name), { recursive: true });
  await sh('fsfreeze', ['--freeze', folder]);
  const made = makePod(containerd, wanted).catch(() => {});
  await until('the runtime to wait', () => waits(containerd.pid()));
  return async () => {
    await sh('fsfreeze', ['--unfreeze', folder]);
    // Else its pin would be in nobody's files when the rig goes.
    await made;
  };
}

function waits(pid: number): boolean {
  return namesIn(`/proc/${pid}/task`).some((tid) => stateOf(`${pid}/task/${tid}`) === 'D');
}
