import fs from 'node:fs';
import path from 'node:path';
import { openSession } from '../../src/cri/session.ts';
import { type Containerd, launch } from './containerd.ts';
import { addContainer, makePod, type Pod, stopPod } from './pods.ts';
import { isAlive, type ProcessId, signal, until } from './process.ts';

/** containerd with CRI switched off by a drop-in, as its packages for Docker have it. Gives the drop-in's path. */
export async function switchCriOff(containerd: Containerd): Promise<string> {
  const file = path.join(containerd.dir, 'docker.toml');
  const version = containerd.runtime.line === '2.x' ? 3 : 2;
  fs.writeFileSync(file, `version = ${version}\n\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n`);
  await containerd.halt();
  containerd.configure({ imports: [file] });
  containerd.daemon = launch(containerd.runtime, containerd.instance, containerd.home);
  await until('containerd to serve', async () => (await containerd.ctr('version').catch(() => '')) !== '');
  return file;
}

/** A second containerd with the configuration of the first: it waits for the database. */
export async function startTwice(containerd: Containerd): Promise<ProcessId> {
  const second = launch(containerd.runtime, containerd.instance, containerd.home);
  await until('the second to open the database', () =>
    fs
      .readdirSync(`/proc/${second.pid}/fd`)
      .some((fd) => linkOf(`/proc/${second.pid}/fd/${fd}`).endsWith('/meta.db')),
  );
  return second;
}

function linkOf(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}

/** Starts a containerd again and again that ends each time, as its unit does. Gives the way to end that. */
export function startInVain(containerd: Containerd): () => Promise<void> {
  let goesOn = true;
  const loop = (async () => {
    while (goesOn) {
      containerd.daemon = launch(containerd.runtime, containerd.instance, containerd.home);
      await until('it to end', () => !isAlive(containerd.daemon) || !goesOn);
    }
    signal(containerd.daemon, 'SIGKILL');
  })();
  return async () => {
    goesOn = false;
    await loop;
  };
}

/** A dead attempt 0 that says it was made days after the living attempt 1. */
export async function madeInFuture(containerd: Containerd, days: number): Promise<{ old: Pod; young: Pod }> {
  const old = await makePod(containerd, { name: 'broken' });
  await stopPod(containerd, old.id);
  const young = await makePod(containerd, {
    name: 'broken',
    uid: old.uid,
    attempt: 1,
    containers: [{ name: 'app', attempt: 1 }],
  });
  await setCreated(containerd, old, days);
  return { old, young };
}

/** Changes when a sandbox was made, in containerd's database: a time has a fixed length there. */
async function setCreated(containerd: Containerd, pod: Pod, days: number): Promise<void> {
  const { items } = await containerd.session.call('ListPodSandbox', (c, o) =>
    c.runtime.listPodSandbox({}, o),
  );
  const nanoseconds = items.find(({ id }) => id === pod.id)?.createdAt ?? 0n;
  await containerd.halt();
  const file = path.join(containerd.root, 'io.containerd.metadata.v1.bolt/meta.db');
  const text = fs.readFileSync(file).toString('latin1');
  const changed = text.replaceAll(
    binaryTime(nanoseconds),
    binaryTime(nanoseconds + BigInt(days) * 86_400_000_000_000n),
  );
  if (changed === text) throw new Error(`${file} does not say when ${pod.id} was made`);
  fs.writeFileSync(file, Buffer.from(changed, 'latin1'));
  await containerd.resume();
}

/**
 * Containers whose client gave up while runc made them: it is slow, as on a busy disk. containerd 2.x then calls them
 * exited, and their processes wait for ever. Gives the pod; the containers are those that were given up.
 */
export async function abandonStarts(containerd: Containerd, names: readonly string[]): Promise<Pod> {
  const { runc } = containerd.runtime.bin;
  const [slow, flag] = [path.join(containerd.dir, 'slow-runc'), path.join(containerd.dir, 'slow')];
  const lines = [
    '#!/bin/sh',
    `case " $* " in *' create '*) [ -e ${flag} ] && { ${runc} "$@"; code=$?; sleep 1; exit $code; };; esac`,
    `exec ${runc} "$@"`,
  ];
  fs.writeFileSync(slow, `${lines.join('\n')}\n`, { mode: 0o755 });
  await containerd.restart({ runc: slow });
  const pod = await makePod(containerd, { name: 'broken', containers: [] });
  fs.writeFileSync(flag, '');
  for (const name of names) {
    const hasty = openSession(containerd.socket, containerd.socket, HASTE_MS);
    const session: typeof hasty = {
      ...containerd.session,
      call: (what, ask) => (what === 'StartContainer' ? hasty : containerd.session).call(what, ask),
    };
    await addContainer({ ...containerd, session }, pod, { name }).catch(() => undefined);
    hasty.close();
  }
  const listed = async () => {
    const answer = await containerd.session.call('ListContainers', (c, o) => c.runtime.listContainers({}, o));
    return answer.containers.filter(({ podSandboxId }) => podSandboxId === pod.id);
  };
  await until('the runtime to give them up', async () =>
    (await listed()).every(({ state }) => state === EXITED),
  );
  fs.rmSync(flag);
  pod.containers = (await listed()).map(({ id, metadata }) => ({ id, name: metadata?.name ?? '' }));
  return pod;
}

/** Shorter than runc takes here. */
const HASTE_MS = 600;
/** Number of CRI's enum. */
const EXITED = 2;

const FROM_YEAR_1 = 62_135_596_800n;

/** A time as Go writes it into a database: version, seconds since the year 1, nanoseconds. */
function binaryTime(nanoseconds: bigint): string {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt8(1, 0);
  bytes.writeBigInt64BE(nanoseconds / 1_000_000_000n + FROM_YEAR_1, 1);
  bytes.writeUInt32BE(Number(nanoseconds % 1_000_000_000n), 9);
  return bytes.toString('latin1');
}
