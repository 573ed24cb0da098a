import { type Containerd, startContainerd } from '../rig/containerd.ts';
import { killPause, untagSandboxImage } from '../rig/faults.ts';
import type { Runtime } from '../rig/packages.ts';
import { execIn, initPid, makePod } from '../rig/pods.ts';
import { show, step } from './command.ts';

/** Message of the error that ends an interrupted demo, after everything was taken away. */
export const INTERRUPTED = 'interrupted';
const OTHER_NAME = 'registry.k8s.io/pause:3.8';

/** The demo on a real pod: healthy, then broken in two ways. Everything it made is gone afterwards. */
export async function demoWithRig(runtime: Runtime): Promise<void> {
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const goOn = () => {
    if (isInterrupted) throw new Error(INTERRUPTED);
  };

  step(`A private containerd ${runtime.version} comes up; nothing of this machine's own is touched.`);
  const containerd = await startContainerd(runtime);
  try {
    await examine(containerd, goOn);
  } finally {
    step('Everything is taken away again: pods, network, mounts, containerd.');
    await containerd.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

async function examine(containerd: Containerd, goOn: () => void): Promise<void> {
  step('It makes a pod of two containers: a web server, and a client that reaches it at localhost.');
  const serve = 'mkdir /www; echo hello from the pod >/www/index.html; exec httpd -f -p 127.0.0.1:80 -h /www';
  const pod = await makePod(containerd, {
    name: 'web',
    namespace: 'demo',
    containers: [{ name: 'server', command: ['sh', '-c', serve] }, { name: 'client' }],
  });
  const fetch = 'until wget -qO- http://127.0.0.1/; do usleep 100000; done';
  const answer = await execIn(containerd, pod.containers[1]?.id ?? '', ['sh', '-c', fetch]);
  console.log(`   client: ${answer.trim()}`);
  goOn();

  step('The doctor finds it healthy.');
  await expectExit(0, containerd);
  goOn();

  const pause = initPid(containerd, pod.id);
  step(`Its pause, process ${pause}, is killed with -9, and the sandbox image loses its name.`);
  await killPause(containerd, pod);
  await untagSandboxImage(containerd, OTHER_NAME);
  goOn();

  step('The doctor names both faults, proves them, and says what to type.');
  await expectExit(1, containerd);
  goOn();
}

async function expectExit(wanted: number, containerd: Containerd): Promise<void> {
  const exitCode = await show('doctor', '-r', containerd.socket);
  if (exitCode !== wanted) throw new Error(`exit ${wanted} was to be expected, not ${exitCode}`);
}
