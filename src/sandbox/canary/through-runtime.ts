import { monotonicMs } from '../../host/process.ts';
import type { CanaryRun, CanaryStep } from '../../model/canary-facts.ts';
import { change } from '../cri/change.ts';
import type { ListedContainer, Pod } from '../cri/pods.ts';
import { step } from '../steps.ts';
import { converse, NETWORK_STEPS, sameSeen } from './conversation.ts';
import { Halted, must, noteEnd, notReached, since, textOf } from './course.ts';
import { containerPid, mustShare, podSeen } from './pod-status.ts';
import {
  isTakenAway,
  mustAnswer,
  mustMake,
  mustRemove,
  mustStart,
  newRuntimeCanary,
  noteStage,
  type RuntimeCanary,
  withRuntimeShop,
} from './runtime.ts';
import { blankRun, type CanaryScene, NOTHING_LEFT, seekTraces } from './scene.ts';
import { cgroupFolders, hostEnds } from './traces.ts';

const SANDBOX_STEPS = [
  'Version',
  'ImageStatus',
  'RunPodSandbox',
  'PodSandboxStatus',
  'CreateContainer one',
  'StartContainer one',
  'CreateContainer two',
  'StartContainer two',
  'joined',
].map((name) => ({ name, part: 'sandbox' as const }));
const LAST_STEPS = ['restart', 'RemovePodSandbox', NOTHING_LEFT].map((name) => ({
  name,
  part: 'sandbox' as const,
}));
const GRACE_MS = 2000;

/** A canary through the node's runtime: made, used, restarted in part, and taken away again, whatever comes. */
export async function canaryThroughRuntime(scene: CanaryScene): Promise<CanaryRun> {
  const run = blankRun('runtime', scene);
  if (run.endpoint === '') return { ...run, skipped: 'there is no container runtime on this node' };
  const begun = monotonicMs();
  let canary: RuntimeCanary | undefined;
  await withRuntimeShop(scene, 'work', async (shop, heard) => {
    canary = newRuntimeCanary(scene, run, shop, heard);
    await work(canary);
  });
  if (canary && run.steps.some(({ name }) => name === 'ImageStatus')) await takeAway(canary);
  noteStage(run);
  run.steps = [...run.steps, ...notReached(run.steps, [...SANDBOX_STEPS, ...NETWORK_STEPS, ...LAST_STEPS])];
  return { ...run, ms: since(begun) };
}

async function work(canary: RuntimeCanary): Promise<void> {
  const { run, scene, course } = canary;
  try {
    await mustAnswer(canary);
    const { pod } = await mustMake(canary);
    run.sandboxId = pod.id;
    canary.traces.ids.push(pod.id);
    await use(canary, pod);
  } catch (error) {
    noteEnd(course, error);
    if (scene.hasKubelet && run.sandboxId !== '' && !scene.signal.aborted)
      run.endedByKubelet = await isTakenAway(canary).catch(() => false);
  }
}

async function use(canary: RuntimeCanary, pod: Pod): Promise<void> {
  const { run, course, scene, traces, shop } = canary;
  const { session } = shop;
  const seen = await must(course, { name: 'PodSandboxStatus', part: 'sandbox' }, async () => {
    const told = await podSeen(session, pod.id);
    if (told.pin !== '') traces.pins.push(told.pin);
    canary.cgroups.push(...cgroupFolders(told.pid, traces.ids));
    return { ...told, note: told.addresses.join(', ') || 'no address of its own' };
  });
  const one = await mustStart(canary, pod, 'one');
  const two = await mustStart(canary, pod, 'two');
  const { pids } = await must(course, { name: 'joined', part: 'sandbox' }, () =>
    joined(canary, seen.pid, one, two),
  );
  if (run.networkUnjudged === '') {
    const netns = (pid: number) => `/proc/${pid}/ns/net`;
    const members = [
      { name: 'one', netns: netns(pids[0]) },
      { name: 'two', netns: netns(pids[1]) },
    ] as const;
    traces.links.push(...(await hostEnds(netns(pids[1]), scene.signal)));
    await converse(course, { members, addresses: seen.addresses, network: scene.target.network });
  }
  await must(course, { name: 'restart', part: 'sandbox' }, () =>
    restarted(canary, pod, seen, one, two, pids[1]),
  );
}

/** Both are in the namespaces of the pause; where there is none, in each other's. */
async function joined(
  { shop: { session }, traces, cgroups }: RuntimeCanary,
  pause: number,
  one: ListedContainer,
  two: ListedContainer,
): Promise<{ pids: [number, number]; note: string }> {
  const pids: [number, number] = [await containerPid(session, one.id), await containerPid(session, two.id)];
  for (const pid of pids) cgroups.push(...cgroupFolders(pid, traces.ids));
  const first = pause > 0 ? { name: 'the pause', pid: pause } : { name: 'one', pid: pids[0] };
  const ns = [
    mustShare(first, { name: 'one', pid: pids[0] }),
    mustShare(first, { name: 'two', pid: pids[1] }),
  ];
  return { pids, note: `net:[${ns[0]?.split(':')[1]}], with its IPC and UTS namespaces` };
}

/** One container ends and is started anew, as kubelet does it; nothing else may change. */
async function restarted(
  canary: RuntimeCanary,
  pod: Pod,
  before: { pid: number; addresses: string[] },
  one: ListedContainer,
  two: ListedContainer,
  pidOfTwo: number,
): Promise<{ note: string }> {
  const { shop, run, scene, course } = canary;
  const { session } = shop;
  const { endpoint } = session;
  const failure = await change(shop, 'stop', `sandbox ${pod.name}`, [
    step(
      { kind: 'stop-containers', endpoint, containers: [one.id], graceMs: GRACE_MS },
      'it is started anew',
    ),
  ]);
  if (failure !== null) throw new Error(failure);
  const steps: CanaryStep[] = [];
  const again = await mustStart({ ...canary, course: { ...course, steps } }, pod, 'one').catch(() => {
    throw new Error(steps.at(-1)?.note ?? 'it was interrupted');
  });
  const { pids } = await joined(canary, before.pid, again, two);
  if (pids[1] !== pidOfTwo) throw new Error('two was restarted as well');
  const after = await podSeen(session, pod.id);
  const told = after.addresses.join(', ');
  if (told !== before.addresses.join(', '))
    throw new Error(`its address was ${before.addresses.join(', ')} and is ${told || 'gone'}`);
  if (run.networkUnjudged === '') {
    const members = [
      { name: 'one', netns: `/proc/${pids[0]}/ns/net` },
      { name: 'two', netns: `/proc/${pids[1]}/ns/net` },
    ] as const;
    await sameSeen({ members, addresses: after.addresses, network: scene.target.network }, scene.signal);
  }
  return { note: 'one was started anew; two, the namespaces and the address are the same' };
}

async function takeAway(canary: RuntimeCanary): Promise<void> {
  const { run, scene, traces, cgroups } = canary;
  for (const id of run.steps.flatMap(({ note }) => note.match(/\b[0-9a-f]{64}\b/g) ?? []))
    if (!traces.ids.includes(id)) traces.ids.push(id);
  try {
    await mustRemove(canary);
  } catch (error) {
    if (!(error instanceof Halted)) run.left.push(`sandbox ${scene.name}, perhaps: ${textOf(error)}`);
  }
  if (traces.ids.length === 0) return;
  const { left, step: last } = await seekTraces(scene, 'runtime', traces, [...new Set(cgroups)]);
  run.left.push(...left);
  run.steps.push(last);
}
