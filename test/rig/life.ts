import fs from 'node:fs';
import net from 'node:net';
import type { Containerd } from './containerd.ts';
import { initPid, makePods, type Pod, pinOf } from './pods.ts';
import { until } from './process.ts';

const PORT = 7000;
const ECHO = ['nc', '-ll', '-p', String(PORT), '-e', 'cat'];

/** A pod that is watched: what must not change about it, and a connection that must go on. */
interface Watched {
  pod: Pod;
  before: Vitals;
  socket: net.Socket;
}

interface Vitals {
  state: number;
  address: string;
  pause: number;
  netns: string;
  containers: number[];
}

/** Pods with an open connection each. */
export interface Life {
  pods: Pod[];
  /** What is not any more as it was, by pod; empty when all is well. */
  harmed(): Promise<string[]>;
  end(): void;
}

/** Makes `count` pods that serve, and connects to each from the host. */
export async function liveAmong(containerd: Containerd, count: number): Promise<Life> {
  const wanted = Array.from({ length: count }, (_, i) => ({
    name: `live-${i}`,
    containers: [{ name: 'echo', command: ECHO }, { name: 'app' }],
  }));
  const pods = await makePods(containerd, wanted);
  const watched: Watched[] = [];
  for (const pod of pods) {
    const before = await vitalsOf(containerd, pod);
    watched.push({ pod, before, socket: await connected(before.address) });
  }
  return {
    pods,
    async harmed() {
      const told = await Promise.all(watched.map((one) => harmOf(containerd, one)));
      return told.flat();
    },
    end() {
      for (const { socket } of watched) socket.destroy();
    },
  };
}

async function harmOf(containerd: Containerd, { pod, before, socket }: Watched): Promise<string[]> {
  const now = await vitalsOf(containerd, pod);
  const changed = (Object.keys(before) as (keyof Vitals)[])
    .filter((key) => String(now[key]) !== String(before[key]))
    .map((key) => `${pod.name}: ${key} was ${before[key]} and is ${now[key]}`);
  return (await echoes(socket)) ? changed : [...changed, `${pod.name}: its connection is dead`];
}

async function vitalsOf(containerd: Containerd, pod: Pod): Promise<Vitals> {
  const { status } = await containerd.session.call('PodSandboxStatus', (c, o) =>
    c.runtime.podSandboxStatus({ podSandboxId: pod.id }, o),
  );
  return {
    state: status?.state ?? -1,
    address: status?.network?.ip ?? '',
    pause: initPid(containerd, pod.id),
    netns: `${fs.readlinkSync(`/proc/${initPid(containerd, pod.id)}/ns/net`)} ${inode(pinOf(containerd, pod.id))}`,
    containers: pod.containers.map(({ id }) => initPid(containerd, id)),
  };
}

function inode(pin: string | null): number {
  return pin === null ? 0 : fs.statSync(pin).ino;
}

async function connected(address: string): Promise<net.Socket> {
  let socket: net.Socket | undefined;
  await until(`${address} to accept`, () => {
    return new Promise<boolean>((resolve) => {
      const tried = net.connect(PORT, address);
      tried.once('connect', () => {
        socket = tried;
        resolve(true);
      });
      tried.once('error', () => resolve(false));
    });
  });
  if (!socket) throw new Error(`no connection to ${address}`);
  socket.on('error', () => {});
  return socket;
}

/** True when what is sent comes back within a while. */
function echoes(socket: net.Socket): Promise<boolean> {
  const word = `${Math.random()}\n`;
  return new Promise((resolve) => {
    const done = (heard: boolean) => {
      clearTimeout(timer);
      socket.off('data', hear);
      resolve(heard);
    };
    const hear = (data: Buffer) => {
      if (data.toString().includes(word)) done(true);
    };
    const timer = setTimeout(() => done(false), 10_000);
    socket.on('data', hear);
    if (socket.destroyed || !socket.write(word)) done(!socket.destroyed);
  });
}
