import fs from 'node:fs';
import path from 'node:path';
import type { Containerd } from './containerd.ts';
import { killPause, mustPin, mustRun } from './faults.ts';
import { idMessage, withRecords } from './leftovers.ts';
import { initPid, makePod, type Pod, type PodWanted } from './pods.ts';
import { findProcesses, isAlive, type ProcessId, signal, until } from './process.ts';
import { sh } from './sh.ts';
import { busybox } from './teardown.ts';

const PLUGIN = 'bridge';

/** Gives the instance a folder of CNI plugins of its own, in force after a restart. Gives the folder. */
export async function ownPlugins(containerd: Containerd): Promise<string> {
  const folder = path.join(containerd.dir, 'plugins');
  fs.mkdirSync(folder);
  for (const name of fs.readdirSync(containerd.runtime.cniBin))
    fs.symlinkSync(path.join(containerd.runtime.cniBin, name), path.join(folder, name));
  containerd.paths.cniBin = folder;
  await containerd.restart();
  return folder;
}

/** Puts a shell script before the bridge plugin: `real` runs it. */
function wrapBridge(containerd: Containerd, folder: string, script: string): void {
  const plugin = path.join(folder, PLUGIN);
  const real = path.join(containerd.runtime.cniBin, PLUGIN);
  fs.rmSync(plugin);
  const note = `echo "\${CNI_NETNS#/var}" >> ${containerd.journal}`;
  fs.writeFileSync(plugin, `#!/bin/sh\n${note}\nreal() { ${real}; }\n${script}\n`, { mode: 0o755 });
}

export interface SlowPod {
  /** Id of the sandbox that is being made. */
  id: string;
  /** Lets the plugin end, and waits for the pod. */
  release(): Promise<Pod>;
}

/** A pod whose ADD has its address but does not end. */
export async function slowPod(containerd: Containerd, wanted: PodWanted): Promise<SlowPod> {
  const folder = await ownPlugins(containerd);
  const hold = path.join(containerd.dir, 'hold');
  fs.writeFileSync(hold, '');
  const wait = `while [ -e ${hold} ]; do sleep 0.2; done`;
  wrapBridge(
    containerd,
    folder,
    `[ $CNI_COMMAND = ADD ] || exec ${path.join(containerd.runtime.cniBin, PLUGIN)}\nout=$(real) || exit 1\n${wait}\nprintf %s "$out"`,
  );
  const known = new Set(await reserved(containerd));
  const made = makePod(containerd, wanted);
  made.catch(() => {});
  let id = '';
  await until('the address to be reserved', async () => {
    id = (await reserved(containerd)).find((one) => !known.has(one)) ?? '';
    return id !== '';
  });
  return {
    id,
    release() {
      fs.rmSync(hold);
      return made;
    },
  };
}

/** A pod that containerd was making when it was killed, since it runs again. Gives its id. */
export async function interruptedPod(containerd: Containerd, wanted: PodWanted): Promise<string> {
  const slow = await slowPod(containerd, wanted);
  signal(containerd.daemon, 'SIGKILL');
  await until('containerd to end', () => !isAlive(containerd.daemon));
  await slow.release().catch(() => {});
  await until('the plugin to end', () => !pluginRuns(containerd));
  await containerd.resume();
  return slow.id;
}

/** A pod that could not be made, nor taken back: its ADD has an address and fails, as its DEL does. Gives its id. */
export async function failedPod(containerd: Containerd, wanted: PodWanted): Promise<string> {
  const folder = await ownPlugins(containerd);
  const refuse = `printf '{"cniVersion":"1.0.0","code":11,"msg":"the agent is away"}'; exit 1`;
  wrapBridge(containerd, folder, `[ $CNI_COMMAND = ADD ] && real >/dev/null\n${refuse}`);
  const known = new Set(await reserved(containerd));
  await makePod(containerd, wanted).then(
    () => Promise.reject(new Error(`${wanted.name} was made although its network failed`)),
    () => {},
  );
  return (await reserved(containerd)).find((one) => !known.has(one)) ?? '';
}

/** A pod that cannot be stopped, for the plugin of its network is gone. Gives what Stop said. */
export async function stopWithoutPlugin(containerd: Containerd, pod: Pod): Promise<string> {
  fs.rmSync(path.join(containerd.paths.cniBin, PLUGIN));
  return refusedStop(containerd, pod);
}

/** A pod that cannot be stopped, for no network is configured any more. Gives what Stop said. */
export async function stopWithoutConfig(containerd: Containerd, pod: Pod): Promise<string> {
  fs.rmSync(path.join(containerd.confDir, '10-rig.conflist'));
  await until('the runtime to notice', async () => {
    const { status } = await containerd.session.call('Status', (c, o) => c.runtime.status({}, o));
    return status?.conditions.some((one) => !one.status) ?? false;
  });
  return refusedStop(containerd, pod);
}

async function refusedStop(containerd: Containerd, pod: Pod): Promise<string> {
  const { id, name } = pod;
  fs.appendFileSync(containerd.journal, `${mustPin(containerd, pod)}\n`);
  const stop = containerd.session.call('StopPodSandbox', (c, o) =>
    c.runtime.stopPodSandbox({ podSandboxId: id }, o),
  );
  return stop.then(
    () => Promise.reject(new Error(`${name} could be stopped`)),
    (error: unknown) => String(error),
  );
}

/** A running sandbox whose bundle was lost while containerd was down. Gives its pause. */
export async function loseBundle(containerd: Containerd, pod: Pod): Promise<ProcessId> {
  const pause = mustRun(initPid(containerd, pod.id));
  const bundle = path.join(containerd.bundles, pod.id);
  signal(containerd.daemon, 'SIGKILL');
  await until('containerd to end', () => !isAlive(containerd.daemon));
  await sh(busybox(), ['umount', '-l', path.join(bundle, 'rootfs')]);
  fs.rmSync(bundle, { recursive: true });
  await containerd.resume();
  return pause;
}

/** Takes the records of a running sandbox away through containerd 2's store: its pause goes with them, its apps stay. */
export async function loseSandboxRecord(containerd: Containerd, pod: Pod): Promise<void> {
  fs.appendFileSync(containerd.journal, `${mustPin(containerd, pod)}\n`);
  await containerd.ctr('sandboxes', 'rm', '--force', pod.id);
  await containerd.restart();
}

/** A pod that shares one process namespace dies with its pause. */
export async function killSharedPod(containerd: Containerd, name: string): Promise<Pod> {
  const pod = await makePod(containerd, { name, sharePid: true });
  fs.appendFileSync(containerd.journal, `${mustPin(containerd, pod)}\n`);
  await killPause(containerd, pod);
  return pod;
}

/** Leaves nothing of a sandbox but its record in the sandbox store of containerd 2. */
export async function halfRecord(containerd: Containerd, pod: Pod): Promise<void> {
  fs.appendFileSync(containerd.journal, `${mustPin(containerd, pod)}\n`);
  await killPause(containerd, pod);
  await withRecords(containerd, async (call) => void (await call('Delete', idMessage(pod.id))));
  await containerd.restart();
}

/** Takes the address out of a running sandbox's record, as versions that never wrote it have it. */
export async function forgetAddress(containerd: Containerd, pod: Pod): Promise<void> {
  await withRecords(containerd, async (call) => {
    const record = (await call('Get', idMessage(pod.id))).toString('latin1');
    // White space keeps the lengths.
    const without = record.replace(/"IP":"[^"]*"/, (field) => '"IP":""'.padEnd(field.length));
    if (without === record) throw new Error(`the record of ${pod.name} holds no address`);
    await call('Delete', idMessage(pod.id));
    await call('Create', Buffer.from(without, 'latin1'));
  });
}

function pluginRuns({ paths }: Containerd): boolean {
  return findProcesses((words) => words.includes(path.join(paths.cniBin, PLUGIN))).length > 0;
}

async function reserved(containerd: Containerd): Promise<string[]> {
  const folder = path.join(containerd.ipamDir, containerd.cniNetwork);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .flatMap((file) => /^[0-9a-f]{64}/.exec(fs.readFileSync(path.join(folder, file), 'utf8'))?.[0] ?? []);
}
