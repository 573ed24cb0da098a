import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { criTable, quote } from './config.ts';
import type { Containerd } from './containerd.ts';
import { pauseArchive } from './images.ts';
import { initPid, makePod, type Pod, type PodWanted, pinOf, removePod } from './pods.ts';
import { isAlive, type ProcessId, processId, signal, stateOf, until } from './process.ts';
import { sh } from './sh.ts';
import { busybox } from './teardown.ts';

/** Kills the pause of a sandbox with -9 and waits until the runtime has noticed. Gives what it killed. */
export async function killPause(containerd: Containerd, pod: Pod): Promise<ProcessId> {
  const pause = mustRun(initPid(containerd, pod.id));
  signal(pause, 'SIGKILL');
  await until('the pause to be gone', () => !isAlive(pause));
  await until('the runtime to notice', async () => (await sandboxState(containerd, pod.id)) !== 0);
  return pause;
}

/** Removes the configured sandbox image through CRI: with all its names. */
export async function removeSandboxImage(containerd: Containerd): Promise<void> {
  const image = containerd.settings.sandboxImage ?? '';
  await containerd.session.call('RemoveImage', (c, o) => c.image.removeImage({ image: { image } }, o));
}

/** Takes the configured name away from the sandbox image, which stays under another one. */
export async function untagSandboxImage(containerd: Containerd, other: string): Promise<void> {
  const image = containerd.settings.sandboxImage ?? '';
  await containerd.ctr('images', 'tag', image, other);
  await containerd.ctr('images', 'rm', image);
}

/**
 * Imports another sandbox image and configures it afterwards. containerd 1.7 pins on import only,
 * by the name configured then, so that this one stays unpinned; 2.x pins it when it starts.
 */
export async function configureAfterImport(containerd: Containerd, image: string): Promise<void> {
  await containerd.load(await pauseArchive([image], '2'));
  await containerd.restart({ sandboxImage: image });
}

/** Takes the label away that keeps kubelet from collecting the image. containerd puts it back at once. */
export async function unpinSandboxImage(containerd: Containerd): Promise<void> {
  await containerd.ctr(
    'images',
    'label',
    containerd.settings.sandboxImage ?? '',
    'io.cri-containerd.pinned=',
  );
}

/** A config.toml of version 3 that names the sandbox image by version 2's key; in force after a restart. */
export async function v2KeyUnderVersion3(containerd: Containerd, image: string): Promise<void> {
  const tail = `[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = ${quote(image)}\n`;
  await containerd.restart({ sandboxImage: null, tail });
}

/** A drop-in that names another sandbox image than config.toml does; gives the drop-in's path. */
export async function importOverriding(containerd: Containerd, image: string): Promise<string> {
  const file = path.join(containerd.dir, 'override.toml');
  const { line } = containerd.runtime;
  const text =
    line === '2.x'
      ? `version = 3\n\n[plugins."io.containerd.cri.v1.images".pinned_images]\n  sandbox = ${quote(image)}\n`
      : `version = 2\n\n${criTable(containerd.paths, { ...containerd.settings, sandboxImage: image })}`;
  fs.writeFileSync(file, text);
  await containerd.restart({ imports: [file] });
  return file;
}

/** A pod with a privileged container whose first act is to leave the network namespace. */
export function containerThatLeaves(containerd: Containerd, wanted: PodWanted): Promise<Pod> {
  const command = ['sh', '-c', 'exec unshare -n sleep 86400'];
  return makePod(containerd, { ...wanted, containers: [{ name: 'left', privileged: true, command }] });
}

/** A pod whose containers runc puts into another pod's network namespace: its wrapper rewrites config.json. */
export async function containerInWrongPod(
  containerd: Containerd,
  wanted: PodWanted,
  other: Pod,
): Promise<Pod> {
  const wrapper = path.join(containerd.dir, 'runc-wrapper');
  const script = `#!/bin/sh
bundle=
last=
for argument in "$@"; do
  [ "$last" = --bundle ] && bundle=$argument
  last=$argument
done
if [ -n "$bundle" ]; then
  sed -i 's|"path":"/proc/[0-9]*/ns/net"|"path":"${pinOf(containerd, other.id)}"|' "$bundle/config.json"
fi
exec ${containerd.runtime.bin.runc} "$@"
`;
  fs.writeFileSync(wrapper, script, { mode: 0o755 });
  await containerd.restart({ runc: wrapper });
  const pod = await makePod(containerd, wanted);
  await containerd.restart({ runc: containerd.runtime.bin.runc });
  return pod;
}

/** An app of attempt 0 that outlived its pause, beside the healthy attempt 1 of the same pod. */
export async function survivorBesideNewAttempt(
  containerd: Containerd,
  name: string,
): Promise<{ old: Pod; healthy: Pod }> {
  const uid = randomUUID();
  const old = await makePod(containerd, { name, uid });
  await killPause(containerd, old);
  const containers = [{ name: 'app', attempt: 1 }];
  return { old, healthy: await makePod(containerd, { name, uid, attempt: 1, containers }) };
}

/** Unmounts a pod's network namespace pin; the empty file stays. Gives its path. */
export async function unmountPin(containerd: Containerd, pod: Pod): Promise<string> {
  const pin = mustPin(containerd, pod);
  await sh(busybox(), ['umount', pin]);
  return pin;
}

/** Removes a pod behind CRI's back, with ctr: pin, reservation and link stay. Gives the pin's path. */
export async function leakPin(containerd: Containerd, pod: Pod): Promise<string> {
  const pin = mustPin(containerd, pod);
  fs.appendFileSync(containerd.journal, `${pin}\n`);
  for (const id of [...pod.containers.map((c) => c.id), pod.id]) {
    const init = mustRun(initPid(containerd, id));
    await containerd.ctr('tasks', 'kill', '--signal', 'SIGKILL', id);
    await until('the task to end', () => !isAlive(init));
    // CRI deletes the task itself as soon as it hears of the exit; whoever is second finds nothing.
    await containerd.ctr('tasks', 'rm', id).catch(() => {});
    await until('the task to be gone', async () => !(await containerd.ctr('tasks', 'ls', '-q')).includes(id));
    await containerd.ctr('containers', 'rm', id);
  }
  if (containerd.runtime.line === '2.x') await containerd.ctr('sandboxes', 'rm', '--force', pod.id);
  await containerd.restart();
  return pin;
}

/** A pin in containerd's folder and naming scheme that nobody ever owned. Gives its path. */
export async function strayPin(containerd: Containerd): Promise<string> {
  const pin = `/run/netns/cni-${randomUUID()}`;
  fs.appendFileSync(containerd.journal, `${pin}\n`);
  fs.mkdirSync(path.dirname(pin), { recursive: true });
  fs.writeFileSync(pin, '');
  await sh(busybox(), ['unshare', `--net=${pin}`, busybox(), 'true']);
  return pin;
}

/** A pause and its shim whose records are gone: the bundle is lost while containerd is down, then the pod removed. */
export async function orphanPause(containerd: Containerd, pod: Pod): Promise<ProcessId> {
  const pause = mustRun(initPid(containerd, pod.id));
  const bundle = path.join(containerd.bundles, pod.id);
  signal(containerd.daemon, 'SIGKILL');
  await until('containerd to end', () => !isAlive(containerd.daemon));
  await sh(busybox(), ['umount', '-l', path.join(bundle, 'rootfs')]);
  fs.rmSync(bundle, { recursive: true });
  await containerd.resume();
  await removePod(containerd, pod.id);
  return pause;
}

/** Stops the daemon where it stands: its socket accepts and nothing answers. Gives the way back. */
export async function freezeContainerd(containerd: Containerd): Promise<() => void> {
  signal(containerd.daemon, 'SIGSTOP');
  await until('containerd to stand still', () => stateOf(containerd.pid()) === 'T');
  return () => void signal(containerd.daemon, 'SIGCONT');
}

/** 0 ready, 1 notready; -1 when the runtime does not list it. */
async function sandboxState(containerd: Containerd, id: string): Promise<number> {
  const { items } = await containerd.session.call('ListPodSandbox', (c, o) =>
    c.runtime.listPodSandbox({}, o),
  );
  return items.find((s) => s.id === id)?.state ?? -1;
}

export function mustRun(pid: number): ProcessId {
  const id = processId(pid);
  if (!id) throw new Error(`process ${pid} is not there to be broken`);
  return id;
}

export function mustPin(containerd: Containerd, pod: Pod): string {
  const pin = pinOf(containerd, pod.id);
  if (pin === null) throw new Error(`${pod.name} has no network namespace of its own`);
  return pin;
}
