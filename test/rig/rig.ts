import { type Containerd, type RigOptions, startContainerd } from './containerd.ts';
import { type Line, runtimes } from './packages.ts';

/** Why no rig can be had on this machine; null when nothing speaks against it. */
export function rigObstacle(): string | null {
  if (process.platform !== 'linux') return 'a rig needs Linux';
  if (process.getuid?.() !== 0) return 'a rig needs root: it makes namespaces, mounts and cgroups';
  return null;
}

/** Brings up a containerd of a line. Throws with the reason when it cannot be had. */
export async function startRig(line: Line, options: RigOptions = {}): Promise<Containerd> {
  const obstacle = rigObstacle();
  if (obstacle !== null) throw new Error(obstacle);
  const { available, missing } = await runtimes([line]);
  const runtime = available[0];
  if (!runtime) throw new Error(`no containerd ${line}: ${missing[0]?.reason ?? 'unknown line'}`);
  return startContainerd(runtime, options);
}

/** Runs `work` on a rig and takes the rig away afterwards, whatever happened. */
export async function withRig<T>(
  line: Line,
  options: RigOptions,
  work: (containerd: Containerd) => Promise<T>,
): Promise<T> {
  const containerd = await startRig(line, options);
  try {
    return await work(containerd);
  } finally {
    await containerd.stop();
  }
}
