// Makes and removes pods on a running runtime: arguments are its socket, the parent of cgroups, and how many.
import { ContainerState, PodSandboxState } from '../../src/cri/gen/cri_pb.js';
import { openSession } from '../../src/cri/session.ts';
import { makePod, type Pod, removePod } from '../rig/pods.ts';

const [socket = '', cgroupRoot = '', cycles = '0'] = process.argv.slice(2);
const session = openSession(socket, socket, 120_000);
const numbers = [...Array(Number(cycles)).keys()];

async function worker(): Promise<void> {
  for (let n = numbers.shift(); n !== undefined; n = numbers.shift()) {
    const pod = await makePod({ session, cgroupRoot }, { name: `churn-${n}`, sharePid: n % 3 === 0 });
    await requireLife(pod);
    await removePod({ session, cgroupRoot }, pod.id);
  }
}

/** Throws unless the pod is ready, has an address, and its container runs: somebody did it harm. */
async function requireLife({ id, name, containers }: Pod): Promise<void> {
  const sandbox = await session.call('PodSandboxStatus', (c, o) =>
    c.runtime.podSandboxStatus({ podSandboxId: id }, o),
  );
  const { state, network } = sandbox.status ?? {};
  if (state !== PodSandboxState.SANDBOX_READY || !network?.ip)
    throw new Error(`${name} is in state ${state} with address "${network?.ip}"`);
  for (const { id: containerId } of containers) {
    const { status } = await session.call('ContainerStatus', (c, o) =>
      c.runtime.containerStatus({ containerId }, o),
    );
    if (status?.state !== ContainerState.CONTAINER_RUNNING)
      throw new Error(`a container of ${name} is in state ${status?.state}`);
  }
}

await Promise.all([worker(), worker()]);
session.close();
process.stdout.write('done\n');
