import { onTestFinished } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import { makePod, makePods } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { type Curing, curing } from './cure-kit.ts';

export const GC = ['gc', 'orphans', '--assume-no-kubelet'];

/** Works on a containerd 2.x with three live pods. */
export async function onNode(work: (containerd: Containerd, kit: Curing) => Promise<void>): Promise<void> {
  await withRig('2.x', {}, async (containerd) => {
    const kit = curing(containerd);
    onTestFinished(() => kit.close());
    await makePods(
      containerd,
      [1, 2, 3].map((n) => ({ name: `live-${n}` })),
    );
    await work(containerd, kit);
  });
}

/** Leaves the pin of a pod that was removed behind CRI's back; gives its path. */
export const leak = async (containerd: Containerd) =>
  faults.leakPin(containerd, await makePod(containerd, { name: 'broken' }));
