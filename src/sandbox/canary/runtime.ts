import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { CriSession } from '../../cri/session.ts';
import { CANARY_NAMESPACE } from '../../derive/canary-name.ts';
import { stageOf } from '../../derive/canary-stage.ts';
import type { CanaryTraces } from '../../derive/canary-traces.ts';
import { monotonicMs } from '../../host/process.ts';
import type { CanaryRun } from '../../model/canary-facts.ts';
import { openSessions } from '../../remedy/sessions.ts';
import type { CriShop } from '../cri/change.ts';
import { makePod } from '../cri/create.ts';
import { removePod } from '../cri/end.ts';
import { podConfig } from '../cri/pod-config.ts';
import { type ListedContainer, listPods, type Pod } from '../cri/pods.ts';
import { startInPod } from '../cri/run.ts';
import { type Course, Halted, must, since, textOf } from './course.ts';
import { CANARY_LABELS, type CanaryScene } from './scene.ts';
import { type Heard, watched } from './watched.ts';

/** Where a runtime that leaves cgroups to systemd puts pods that name no place. */
const SLICE = 'system.slice';
const CALL_MS = 5000;
/** A call that is under way when it is interrupted is better answered than cut: the runtime then knows what it has. */
const PATIENCE_MS = 5000;

/** What a canary through the runtime is made with, and what is known of it. */
export interface RuntimeCanary {
  scene: CanaryScene;
  run: CanaryRun;
  course: Course;
  shop: CriShop;
  heard: Heard[];
  uid: string;
  traces: CanaryTraces;
  cgroups: string[];
}

/** Connects, works, and disconnects. Interrupted, it waits a while for the call that is under way. */
export async function withRuntimeShop<T>(
  { shop, target, signal, leftMs, name }: CanaryScene,
  phase: 'work' | 'all',
  work: (shop: CriShop, heard: Heard[]) => Promise<T>,
): Promise<T> {
  const sessions = openSessions(CALL_MS);
  const heard: Heard[] = [];
  const session = watched(sessions.session(target.endpoint), () => leftMs(phase), heard);
  let timer: NodeJS.Timeout | undefined;
  const cut = () => {
    timer = setTimeout(sessions.close, PATIENCE_MS);
  };
  if (phase === 'work') signal.addEventListener('abort', cut, { once: true });
  const remedy = { ...shop.remedy, session: () => session };
  try {
    return await work({ session, remedy, logs: logsOf(shop.state.root, name) }, heard);
  } finally {
    signal.removeEventListener('abort', cut);
    clearTimeout(timer);
    sessions.close();
  }
}

/** Folder of the logs of a canary's containers; whose it is, its name says. */
export function logsOf(root: string, name: string): string {
  return path.join(root, 'canary', name);
}

/** The runtime's word that it is there, and that it has what sandboxes are made from. */
export async function mustAnswer({ course, run, shop: { session } }: RuntimeCanary): Promise<void> {
  await must(course, { name: 'Version', part: 'sandbox' }, async () => {
    const answer = await session.call('Version', (c, o) => c.runtime.version({}, o));
    return { note: `${answer.runtimeName} ${answer.runtimeVersion}` };
  });
  await must(course, { name: 'ImageStatus', part: 'sandbox' }, async () => {
    const { image } = run;
    const answer = await session.call('ImageStatus', (c, o) => c.image.imageStatus({ image: { image } }, o));
    if (answer.image) return { note: `${image} is here` };
    throw new Error(`the sandbox image ${image} is not on this node, and a canary pulls nothing`);
  });
}

/** Has the runtime make the sandbox. */
export function mustMake({
  scene,
  run,
  course,
  shop,
  heard,
  uid,
}: RuntimeCanary): Promise<{ pod: Pod; note: string }> {
  const { target, name } = scene;
  const config = podConfig({
    name,
    spec: {
      hostname: '',
      pod: { namespace: CANARY_NAMESPACE, uid, attempt: 0 },
      sharePid: false,
      sysctls: {},
      dns: { servers: [], searches: [], options: [] },
      ports: [],
      labels: CANARY_LABELS,
      annotations: {},
    },
    hostNetwork: run.networkUnjudged !== '',
    runtime: null,
    cgroupParent: target.cgroupDriver === 'systemd' ? SLICE : '',
  });
  return must(course, { name: 'RunPodSandbox', part: 'sandbox' }, async () => {
    try {
      const pod = await makePod(shop, config);
      return { pod, note: `sandbox ${pod.id}` };
    } catch (error) {
      throw new Error(lastFailure(heard) ?? textOf(error));
    }
  });
}

/** Makes and starts a container, each call a step. */
export async function mustStart(
  { course, shop, run, heard, traces }: RuntimeCanary,
  pod: Pod,
  name: string,
): Promise<ListedContainer> {
  if (course.signal.aborted) throw new Halted('interrupted');
  const from = heard.length;
  const begun = monotonicMs();
  const step = (what: string) => ({ name: `${what} ${name}`, part: 'sandbox' as const });
  try {
    const wanted = { name, image: run.image, command: [], cwd: '', env: [] };
    const container = await startInPod(shop, pod, wanted);
    traces.ids.push(container.id);
    for (const what of ['CreateContainer', 'StartContainer'])
      course.steps.push({
        ...step(what),
        status: 'done',
        ms: msOf(heard.slice(from), what),
        note: container.id,
      });
    return container;
  } catch (error) {
    if (course.signal.aborted) throw new Halted('interrupted');
    const calls = heard.slice(from);
    const failed = calls.find(({ failure }) => failure !== '');
    if (failed?.what === 'StartContainer')
      course.steps.push({
        ...step('CreateContainer'),
        status: 'done',
        ms: msOf(calls, 'CreateContainer'),
        note: '',
      });
    const named = step(failed?.what ?? 'CreateContainer');
    course.steps.push({
      ...named,
      status: 'failed',
      ms: since(begun),
      note: failed?.failure ?? textOf(error),
    });
    throw new Halted(named.name);
  }
}

/** Takes away whatever the runtime has of it; true when there was something. Throws Halted. */
export async function mustRemove(canary: RuntimeCanary): Promise<boolean> {
  const { scene, run, uid, traces } = canary;
  const course: Course = { steps: canary.course.steps, signal: scene.end };
  return withRuntimeShop(scene, 'all', async (shop, heard) => {
    const pods = await ours(shop.session, uid);
    for (const pod of pods) {
      if (!traces.ids.includes(pod.id)) traces.ids.push(pod.id);
      if (run.sandboxId === '') run.sandboxId = pod.id;
      await must(course, { name: 'RemovePodSandbox', part: 'sandbox' }, async () => {
        const failure = await removePod(shop, pod, { force: true, graceMs: 1000 });
        // Kubelet may be at it as well: who comes second fails.
        if (failure !== null && (await ours(shop.session, uid)).length === 0)
          return { note: 'somebody else did' };
        if (failure !== null) throw new Error(failure);
        const stop = msOf(heard, 'StopPodSandbox');
        return { note: `StopPodSandbox ${stop} ms, RemovePodSandbox ${msOf(heard, 'RemovePodSandbox')} ms` };
      });
    }
    return pods.length > 0;
  });
}

async function ours(session: CriSession, uid: string): Promise<Pod[]> {
  return (await listPods(session)).filter((pod) => pod.uid === uid);
}

/** How long a kubelet that is at it may take. */
const TAKING_MS = 3000;
const POLL_MS = 100;

/** True when the runtime does not have it any more, or not as ready: somebody else took it away, or is about to. */
export async function isTakenAway({ shop: { session }, scene, uid }: RuntimeCanary): Promise<boolean> {
  const until = monotonicMs() + TAKING_MS;
  while (monotonicMs() < until && !scene.signal.aborted) {
    const pods = await ours(session, uid);
    if (!pods.some(({ ready }) => ready)) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

export function newRuntimeCanary(
  scene: CanaryScene,
  run: CanaryRun,
  shop: CriShop,
  heard: Heard[],
): RuntimeCanary {
  const course = { steps: run.steps, signal: scene.signal };
  return {
    scene,
    run,
    course,
    shop,
    heard,
    uid: randomUUID(),
    traces: { ids: [], pins: [], links: [] },
    cgroups: [],
  };
}

/** What the failed steps say of the part of the runtime that failed. */
export function noteStage(run: CanaryRun): void {
  const failed = run.steps.find(({ status, part }) => status === 'failed' && part === 'sandbox');
  if (failed) run.stage = failed.name === 'ImageStatus' ? 'image' : stageOf(failed.note);
}

function lastFailure(heard: readonly Heard[]): string | null {
  return heard.findLast(({ failure }) => failure !== '')?.failure ?? null;
}

function msOf(heard: readonly Heard[], what: string): number {
  return heard.findLast((call) => call.what === what)?.ms ?? 0;
}
