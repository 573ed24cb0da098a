import fs from 'node:fs';
import path from 'node:path';
import { ownShims } from './belongings.ts';
import type { Containerd } from './containerd.ts';
import { initPid, type Pod, pinOf } from './pods.ts';
import { isAlive, processId, signal, until } from './process.ts';
import { sh } from './sh.ts';
import { busybox, mountsBelow } from './teardown.ts';

/** What a reboot takes: processes, mounts and what is below /run. Records and CNI's files stay. */
export async function reboot(containerd: Containerd, pods: readonly Pod[]): Promise<void> {
  const pins = pods.flatMap((pod) => pinOf(containerd, pod.id) ?? []);
  const inits = pods.flatMap((pod) => [pod.id, ...pod.containers.map((c) => c.id)]);
  const pids = [...ownShims(containerd), ...inits.map((id) => initPid(containerd, id))];
  const running = pids.flatMap((pid) => processId(pid) ?? []);
  signal(containerd.daemon, 'SIGKILL');
  for (const one of running) signal(one, 'SIGKILL');
  await until('all to be gone', () => ![containerd.daemon, ...running].some(isAlive));
  const mounts = mountsBelow(containerd.state);
  if (mounts.length > 0) await sh(busybox(), ['umount', '-l', ...mounts]);
  for (const pin of pins) {
    await sh(busybox(), ['umount', '-l', pin]);
    fs.rmSync(pin);
  }
  fs.rmSync(containerd.state, { recursive: true });
  fs.mkdirSync(containerd.state, { mode: 0o711 });
  for (const id of inits)
    fs.rmSync(path.join('/run/containerd/runc/k8s.io', id), { recursive: true, force: true });
  await containerd.resume();
}

/** The file that holds the state of a container is lost or emptied, as by a power cut. */
export async function loseStatus(containerd: Containerd, id: string, how: 'gone' | 'empty'): Promise<void> {
  await containerd.halt();
  const file = path.join(containerd.root, 'io.containerd.grpc.v1.cri/containers', id, 'status');
  if (how === 'gone') fs.rmSync(file);
  else fs.truncateSync(file);
  await containerd.resume();
}
