import fs from 'node:fs';
import { runDoctor } from '../e2e/doctor.ts';
import { recorded } from '../e2e/recorded.ts';
import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import { makePod, makePods } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';

/** Breaks a real node in five ways and writes down what the doctor saw, under the names of an ordinary node. */
export async function record(file: string): Promise<void> {
  await withRig('2.x', {}, async (containerd) => {
    const raw = `${containerd.dir}/snapshot.json`;
    await breakNode(containerd);
    await runDoctor(['-r', containerd.socket, '--min-age', '0', '--save-snapshot', raw]);
    fs.writeFileSync(file, recorded(fs.readFileSync(raw, 'utf8'), containerd));
  });
}

async function breakNode(containerd: Containerd): Promise<void> {
  const namespace = 'shop';
  const two = [{ name: 'app' }, { name: 'proxy' }];
  await makePods(containerd, [
    { name: 'cart', namespace, containers: two },
    { name: 'search', namespace },
    { name: 'node-agent', namespace: 'kube-system', hostNetwork: true, hostPid: true },
  ]);
  const web = await makePod(containerd, { name: 'web', namespace, containers: two });
  const orders = await makePod(containerd, { name: 'orders', namespace });
  const old = await makePod(containerd, { name: 'old', namespace });
  await faults.containerThatLeaves(containerd, { name: 'vpn', namespace });
  await faults.orphanPause(containerd, old);
  await faults.leakPin(containerd, orders);
  await faults.killPause(containerd, web);
  await faults.untagSandboxImage(containerd, 'registry.k8s.io/pause:3.8');
}
