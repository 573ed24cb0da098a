import { rewriteConf } from './cni-faults.ts';
import type { Containerd } from './containerd.ts';
import { onHost } from './home.ts';
import { hostLinkOf } from './leftovers.ts';
import { initPid, makePod, type Pod } from './pods.ts';
import { busybox } from './teardown.ts';

/** `ip` in the network namespace of a pod. */
export function inPod(containerd: Containerd, pod: Pod, ...words: string[]): Promise<string> {
  const inside = `--net=/proc/${initPid(containerd, pod.id)}/ns/net`;
  return onHost(containerd.home, 'nsenter', [inside, busybox(), 'ip', ...words]);
}

/** `ip` on the node. */
export function onNode({ home }: Containerd, ...words: string[]): Promise<string> {
  return onHost(home, busybox(), ['ip', ...words]);
}

type Damage = (containerd: Containerd, pod: Pod) => Promise<unknown>;

/** Ways in which a pod loses its network behind the back of its runtime, by what is then said. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  gone: (containerd, pod) => inPod(containerd, pod, 'link', 'del', 'eth0'),
  down: (containerd, pod) => inPod(containerd, pod, 'link', 'set', 'eth0', 'down'),
  endDown: (containerd, pod) => onNode(containerd, 'link', 'set', hostLinkOf(containerd, pod), 'down'),
  unbridged: (containerd, pod) => onNode(containerd, 'link', 'set', hostLinkOf(containerd, pod), 'nomaster'),
  addressLost: (containerd, pod) => inPod(containerd, pod, 'addr', 'flush', 'dev', 'eth0'),
  routeLost: (containerd, pod) => inPod(containerd, pod, 'route', 'del', 'default'),
};

/** A pod for each of the damages, but for those left out. */
export async function damagedPods(
  containerd: Containerd,
  without: readonly string[] = [],
): Promise<{ fault: string; pod: Pod }[]> {
  const damaged: { fault: string; pod: Pod }[] = [];
  for (const [fault, damage] of Object.entries(DAMAGES).filter(([name]) => !without.includes(name))) {
    const pod = await makePod(containerd, { name: fault.toLowerCase() });
    await damage(containerd, pod);
    damaged.push({ fault, pod });
  }
  return damaged;
}

/** The pod network by another plugin, with the same addresses. */
export async function usePlugin(containerd: Containerd, plugin: Record<string, unknown>): Promise<void> {
  const { ipamDir: dataDir, subnet } = containerd;
  const ipam = { type: 'host-local', dataDir, ranges: [[{ subnet }]], routes: [{ dst: '0.0.0.0/0' }] };
  await rewriteConf(containerd, { plugins: [{ ...plugin, ipam }] });
}

/** Whether an address of a pod answers on the node. */
export async function answers({ home }: Containerd, address: string): Promise<boolean> {
  try {
    await onHost(home, busybox(), ['ping', '-c', '1', '-W', '2', address]);
    return true;
  } catch {
    return false;
  }
}
