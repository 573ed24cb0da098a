import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pauseImage } from '../../src/native/pause-image.ts';
import { cgroupFolders } from './belongings.ts';
import type { Containerd } from './containerd.ts';
import { execIn, initPid, makePod, type Pod, pinOf, removePod } from './pods.ts';
import { until } from './process.ts';
import { repositoryRoot } from './repository.ts';
import { sh } from './sh.ts';

const CARELESS = 'registry.example/careless-pause:1';
const ORPHANS = 12;
/** Of memory, for a pod that is to starve. */
const LIMIT = 24 * 1024 * 1024;

/** Mounts a pod's pin on itself once more. Gives its path. */
export async function stackPin(containerd: Containerd, pod: Pod): Promise<string> {
  const pin = pinOf(containerd, pod.id) ?? '';
  // After a Stop that fails half-way nothing else tells whose it is.
  fs.appendFileSync(containerd.journal, `${pin}\n`);
  await among(containerd, 'mount', '--bind', pin, pin);
  return pin;
}

/** Mounts the folder of pins on itself with all that is in it, as podman does as root. */
export async function coverPins(containerd: Containerd): Promise<string> {
  await among(containerd, 'mount', '--rbind', '/run/netns', '/run/netns');
  return '/run/netns';
}

/** Runs a program in the mount namespace of the daemon. */
export function among(containerd: Containerd, ...args: string[]): Promise<string> {
  return sh('nsenter', ['-t', String(containerd.pid()), '-m', ...args]);
}

/** Has new pods get a pause that does not reap. */
export async function configureCarelessPause(containerd: Containerd): Promise<void> {
  const program = path.join(containerd.dir, 'careless-pause');
  const source = path.join(repositoryRoot(), 'test/rig/careless-pause.c');
  await sh('cc', ['-Os', '-static', '-s', '-o', program, source]);
  // In this order: containerd 1.7 pins what is configured when it comes.
  await containerd.restart({ sandboxImage: CARELESS });
  await containerd.load(pauseImage(fs.readFileSync(program), CARELESS));
}

/** A pod with a shared PID namespace whose app leaves children without a parent, all of them dead by now. */
export async function podOfOrphans(containerd: Containerd, name: string): Promise<Pod> {
  const leave = `i=0; while [ $i -lt ${ORPHANS} ]; do (sleep 0 &); i=$((i+1)); done; exec sleep 86400`;
  const pod = await makePod(containerd, {
    name,
    sharePid: true,
    containers: [{ name: 'app', command: ['sh', '-c', leave] }],
  });
  const pause = initPid(containerd, pod.id);
  const children = `/proc/${pause}/task/${pause}/children`;
  await until('the orphans to be dead', () => {
    const pids = fs.readFileSync(children, 'utf8').trim().split(' ');
    return pids.length >= ORPHANS && pids.every((pid) => /\) Z /.test(textOf(`/proc/${pid}/stat`)));
  });
  return pod;
}

/** A process in the cgroup of a pod that is gone. Gives the path of the cgroup. */
export async function leaveProcess(containerd: Containerd): Promise<string> {
  const pod = await makePod(containerd, { name: 'gone' });
  await removePod(containerd, pod.id);
  // The rig kills what is in its cgroups when it goes.
  const left = spawn('sleep', ['86400'], { stdio: 'ignore', detached: true });
  left.unref();
  for (const folder of cgroupFolders(containerd.instance)) {
    const own = path.join(folder, 'kubepods/besteffort', `pod${pod.uid}`);
    if (fs.existsSync(own)) fs.writeFileSync(path.join(own, 'cgroup.procs'), String(left.pid));
  }
  return `${containerd.cgroupRoot}/kubepods/besteffort/pod${pod.uid}`;
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Has new pods pinned below the state folder instead of /run/netns, while older ones run. */
export async function switchPinFolder(containerd: Containerd): Promise<void> {
  const { line } = containerd.runtime;
  const table = line === '2.x' ? 'io.containerd.cri.v1.runtime' : 'io.containerd.grpc.v1.cri';
  const header = `[plugins."${table}"]\n`;
  await containerd.halt();
  const text = fs.readFileSync(containerd.configFile, 'utf8');
  // The same table stands once: behind the sandbox image in containerd 1.x.
  const key = '  netns_mounts_under_state_dir = true\n';
  fs.writeFileSync(containerd.configFile, text.replace(header, header + key));
  await containerd.resume();
}

/**
 * A pod whose container fills its memory limit with files that no process is charged for, so that the kernel kills
 * the pause, which was made to look worst. Waits until the runtime has noticed.
 */
export async function starvePause(containerd: Containerd, name: string): Promise<Pod> {
  const fill =
    'until [ -e /dev/shm/go ]; do usleep 50000; done; dd if=/dev/zero of=/dev/shm/x bs=1M count=18; exec tail /dev/zero';
  const containers = [{ name: 'app' }, { name: 'glutton', command: ['sh', '-c', fill] }];
  const pod = await makePod(containerd, { name, containers });
  const pause = initPid(containerd, pod.id);
  fs.writeFileSync(`/proc/${pause}/oom_score_adj`, '1000');
  const below = path.join('kubepods/besteffort', `pod${pod.uid}`);
  const limits = cgroupFolders(containerd.instance).flatMap((folder) =>
    ['memory.limit_in_bytes', 'memory.max'].map((file) => path.join(folder, below, file)),
  );
  for (const limit of limits.filter((file) => fs.existsSync(file))) fs.writeFileSync(limit, String(LIMIT));
  await execIn(containerd, pod.containers[0]?.id ?? '', ['touch', '/dev/shm/go']);
  await until('the kernel to kill the pause', () => !fs.existsSync(`/proc/${pause}`));
  await until('the runtime to notice', async () => {
    const { items } = await containerd.session.call('ListPodSandbox', (c, o) =>
      c.runtime.listPodSandbox({}, o),
    );
    return items.some(({ id, state }) => id === pod.id && state !== 0);
  });
  return pod;
}
