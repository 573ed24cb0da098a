import type { CanaryTraces } from '../../derive/canary-traces.ts';
import { monotonicMs } from '../../host/process.ts';
import type { CanaryRun } from '../../model/canary-facts.ts';
import type { StepResult } from '../../model/plan.ts';
import type { ContainerRecord, SandboxRecord, SandboxSpec } from '../../model/sandbox.ts';
import { chooseNetwork } from '../../remedy/choose-network.ts';
import { execute, failureOf, type Witness } from '../../remedy/execute.ts';
import { makeSandbox } from '../make.ts';
import { runDetached } from '../run.ts';
import { awaitEnd, basis, plan, terminate } from '../steps.ts';
import { takeDown } from '../take-down.ts';
import { currentRecord, type Workshop, withSandbox } from '../workshop.ts';
import { converse, NETWORK_STEPS, sameSeen } from './conversation.ts';
import { type Course, Halted, must, noteEnd, notReached, since, textOf } from './course.ts';
import { mustShare } from './pod-status.ts';
import { blankRun, CANARY_LABELS, type CanaryScene, NOTHING_LEFT, seekTraces } from './scene.ts';
import { hostEnds } from './traces.ts';

const sandboxStep = (name: string) => ({ name, part: 'sandbox' as const });
const FIRST_STEPS = [
  'network',
  'write-record',
  'make-files',
  'start-sandbox',
  'cni-add',
  'container one',
  'container two',
  'joined',
].map(sandboxStep);
const LAST_STEPS = ['restart', 'remove', NOTHING_LEFT].map(sandboxStep);

interface OwnCanary {
  scene: CanaryScene;
  shop: Workshop;
  run: CanaryRun;
  course: Course;
  traces: CanaryTraces;
}

/** A canary by podctl itself, on the node's own pod network. */
export async function canaryOfOurOwn(scene: CanaryScene): Promise<CanaryRun> {
  const run = blankRun('podctl', scene);
  const begun = monotonicMs();
  const { cni } = scene.shop.remedy;
  const timeoutMs = Math.ceil(Math.min(PLUGIN_MS, scene.leftMs('work') / 2));
  const shop = { ...scene.shop, remedy: { ...scene.shop.remedy, cni: { ...cni, timeoutMs } } };
  const course = { steps: run.steps, signal: scene.signal };
  const canary: OwnCanary = { scene, shop, run, course, traces: { ids: [], pins: [], links: [] } };
  try {
    await use(canary, await mustMake(canary));
  } catch (error) {
    noteEnd(course, error);
  }
  await takeAway(canary);
  if (run.steps.some(({ name, status }) => status === 'failed' && (name === 'cni-add' || name === 'network')))
    run.stage = 'network';
  run.steps = [...run.steps, ...notReached(run.steps, [...FIRST_STEPS, ...NETWORK_STEPS, ...LAST_STEPS])];
  return { ...run, ms: since(begun) };
}

/** A plugin that hangs is ended in time for the rest. */
const PLUGIN_MS = 10_000;

async function mustMake({ scene, shop, run, course, traces }: OwnCanary): Promise<SandboxRecord> {
  const { network } = await must(course, sandboxStep('network'), () => networkOf(scene, run));
  const spec: SandboxSpec = {
    hostname: '',
    pod: { namespace: 'podctl', uid: '', attempt: 0 },
    network,
    sharePid: false,
    sysctls: {},
    dns: { servers: [], searches: [], options: [] },
    ports: [],
    labels: CANARY_LABELS,
    annotations: {},
  };
  if (course.signal.aborted) throw new Halted('interrupted');
  const witness = stepsOf(course, traces);
  try {
    const record = await makeSandbox(shop, { name: scene.name, spec, privileged: true }, witness);
    run.sandboxId = record.id;
    traces.pins.push(record.net.path, record.ipc.path, record.uts.path);
    return record;
  } catch (error) {
    if (!course.steps.some(({ status }) => status === 'failed') && !course.signal.aborted)
      course.steps.push({ ...sandboxStep('write-record'), status: 'failed', ms: 0, note: textOf(error) });
    throw new Halted('made');
  }
}

/** The node's own, unless that asks somebody who does not know the canary: then it has loopback alone. */
async function networkOf(
  { target, shop }: CanaryScene,
  run: CanaryRun,
): Promise<{ network: SandboxSpec['network']; note: string }> {
  if (run.networkUnjudged !== '') return { network: { kind: 'none' }, note: 'loopback only' };
  const { name, folder, binDirs, fault } = target.network;
  if (name === '') throw new Error(fault);
  const { network } = await chooseNetwork({
    wanted: name,
    confDir: folder,
    binDirs,
    envPath: shop.remedy.cni.envPath,
    inUse: () => null,
  });
  return { network, note: network.kind === 'cni' ? `${name} (${network.file})` : name };
}

/** Every step of making it is one of the canary's; none is begun once it was interrupted. */
function stepsOf(course: Course, traces: CanaryTraces): Witness {
  return {
    begins({ action }) {
      if (action.kind === 'write-record') traces.ids.push(action.record.id);
    },
    ended({ action }, { status, reason, ms }: StepResult) {
      const isDone = status === 'done' || status === 'nothing-to-do';
      if (!isDone && course.signal.aborted) return;
      course.steps.push({
        ...sandboxStep(action.kind),
        status: isDone ? 'done' : 'failed',
        ms,
        note: reason,
      });
    },
    keep() {},
    stops: () => course.signal.aborted,
  };
}

async function use(canary: OwnCanary, made: SandboxRecord): Promise<void> {
  const { scene, run, course, traces, shop } = canary;
  const one = await mustStart(canary, made, 'one');
  const two = await mustStart(canary, made, 'two');
  const pids: [number, number] = [one.process?.pid ?? 0, two.process?.pid ?? 0];
  const pause = { name: 'the pause', pid: made.pause?.pid ?? 0 };
  await must(course, sandboxStep('joined'), async () => {
    const ns = mustShare(pause, { name: 'one', pid: pids[0] });
    mustShare(pause, { name: 'two', pid: pids[1] });
    return { note: `net:[${ns.split(':')[1]}], with its IPC and UTS namespaces` };
  });
  const addresses = (made.attachment?.addresses ?? []).map((address) => address.split('/')[0] ?? '');
  const joined = (first: number) => ({
    members: [
      { name: 'one', netns: `/proc/${first}/ns/net` },
      { name: 'two', netns: `/proc/${pids[1]}/ns/net` },
    ] as const,
    addresses,
    network: scene.target.network,
  });
  if (run.networkUnjudged === '') {
    traces.links.push(...(await hostEnds(`/proc/${pids[1]}/ns/net`, course.signal)));
    await converse(course, joined(pids[0]));
  }
  await must(course, sandboxStep('restart'), async () => {
    await end(shop, made, one);
    const again = await start(shop, made, 'one');
    const first = again.process?.pid ?? 0;
    mustShare(pause, { name: 'one', pid: first });
    mustShare(pause, { name: 'two', pid: pids[1] });
    if (run.networkUnjudged === '') await sameSeen(joined(first), course.signal);
    return { note: 'one was started anew; two, the namespaces and the address are the same' };
  });
}

async function mustStart(
  { course, shop }: OwnCanary,
  made: SandboxRecord,
  name: string,
): Promise<ContainerRecord> {
  const { container } = await must(course, sandboxStep(`container ${name}`), async () => {
    const container = await start(shop, made, name);
    return { container, note: `process ${container.process?.pid ?? 0}` };
  });
  return container;
}

/** Our pause is a program that does nothing, in a container as in a sandbox. */
function start(shop: Workshop, made: SandboxRecord, name: string): Promise<ContainerRecord> {
  const command = [shop.pauseProgram, 'canary'];
  const place = { cwd: '', env: [], rootfs: '', bundle: '', runtime: '' };
  return runDetached(shop, made, { name, command, ...place, detached: true });
}

async function end(
  shop: Workshop,
  made: SandboxRecord,
  { name, process, parent }: ContainerRecord,
): Promise<void> {
  const drafts = [
    ...(process ? [terminate(process, name)] : []),
    ...(parent ? [awaitEnd(parent, `parent of ${name}`, 'it writes down how it ended')] : []),
  ];
  const steps = plan('sandbox/run', 'safe', basis(made, new Date(shop.remedy.now())), drafts);
  const failure = failureOf(steps, await execute(steps, shop.remedy));
  if (failure) throw new Error(failure.reason);
}

async function takeAway({ scene, shop, run, course, traces }: OwnCanary): Promise<void> {
  const [id] = traces.ids;
  if (id === undefined) return;
  const removal: Course = { steps: course.steps, signal: scene.end };
  try {
    const record = currentRecord(shop, id);
    if (record)
      await must(removal, sandboxStep('remove'), async () => {
        const { failure } = await withSandbox(shop, record, () => takeDown(shop, id, { force: true }));
        if (failure !== null) throw new Error(failure);
        return { note: '' };
      });
  } catch (error) {
    noteEnd(removal, error);
  }
  const { left, step } = await seekTraces(scene, 'podctl', traces, []);
  run.left.push(...left);
  run.steps.push(step);
}
