import fs from 'node:fs';
import path from 'node:path';
import type { NsId } from '../model/namespace.ts';
import type { PinType } from '../model/plan.ts';
import type { ContainerExit, SandboxRecord } from '../model/sandbox.ts';
import { ETC_FILES } from '../remedy/container-entry.ts';
import { exitOf } from './containers.ts';
import { inhabitantsOf } from './inhabitants.ts';
import { type PinState, readPin } from './pins.ts';
import { hostNamespaces, PIN_TYPES, type Seen } from './scan.ts';
import { keeperOf, workersOf } from './workers.ts';

/** One recorded container; null: that process does not run (any more). */
export interface ObservedContainer {
  name: string;
  process: Seen | null;
  /** Also one that a killed command started and did not write down. */
  parent: Seen | null;
  /** Null while it runs, and when nobody wrote down how it ended. */
  exit: ContainerExit | null;
}

/** What the kernel and the disk show of one sandbox. */
export interface Observed {
  sameBoot: boolean;
  pins: Record<PinType, PinState>;
  /** Namespaces of the sandbox that are proven to live; null: gone, or nothing proves it. */
  namespaces: Record<PinType, NsId | null>;
  /** The recorded pause. */
  pause: Seen | null;
  /** Pauses of this sandbox that the record does not name: a command was killed before it wrote them down. */
  strayPauses: Seen[];
  containers: ObservedContainer[];
  /** Every other process in the sandbox's namespaces, or below one of its containers. */
  others: Seen[];
  /** What a killed command began and nobody waits for. */
  workers: Seen[];
  folder: boolean;
  /** Of the files that its containers share, those that are missing, or no files. */
  lostFiles: string[];
  shmMounted: boolean;
}

/** What an observation is made with, beside the record. */
export interface Surroundings {
  processes: readonly Seen[];
  bootId: string;
  /** Folder of the sandbox's files. */
  folder: string;
  /** Our pause program, by which a pause that nobody recorded is known; '' when it is not installed. */
  pauseProgram: string;
}

/** Looks at one sandbox. Reads pins and folders now; processes are those of the scan. */
export function observe(record: SandboxRecord, around: Surroundings): Observed {
  const { processes, folder } = around;
  const sameBoot = record.bootId === around.bootId;
  const pins = {
    net: readPin(record.net.path),
    ipc: readPin(record.ipc.path),
    uts: readPin(record.uts.path),
  };
  const alive = sameBoot ? processes : [];
  const find = (identity: { pid: number; startTicks: number } | null) =>
    alive.find((p) => p.pid === identity?.pid && p.startTicks === identity.startTicks) ?? null;
  const pause = find(record.pause);
  const containers = record.containers.map((container): ObservedContainer => {
    const running = find(container.process);
    return {
      name: container.name,
      process: running,
      parent: container.process === null ? keeperOf(container, alive) : find(container.parent),
      exit: running ? null : exitOf(container),
    };
  });
  const strayPauses = alive.filter(
    (p) => p.pid !== pause?.pid && isPauseOf(p, record.id, around.pauseProgram),
  );
  const known = [pause, ...strayPauses, ...containers.flatMap((c) => [c.process, c.parent])].filter(isThere);
  const found = inhabitantsOf(record, pins, known, alive, hostNamespaces(processes));
  return {
    sameBoot,
    pins,
    namespaces: found.namespaces,
    pause,
    strayPauses,
    containers,
    others: found.inhabitants.filter((p) => !known.includes(p)),
    workers: record.phase === 'ready' && record.attachment?.state !== 'begun' ? [] : workersOf(record, alive),
    folder: fs.existsSync(folder),
    lostFiles: ETC_FILES.filter(
      (name) => !fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false })?.isFile(),
    ),
    shmMounted: isMountPoint(path.join(folder, 'shm')),
  };
}

/** In CRI's words: ready means that pause lives in namespaces that live. */
export function isReady(record: SandboxRecord, observed: Observed): boolean {
  const whole = observed.pause !== null && PIN_TYPES.every((type) => observed.namespaces[type] !== null);
  return record.phase === 'ready' && whole;
}

/** True when nothing holds the namespaces of any type any more. */
export function isDeserted(observed: Observed): boolean {
  return PIN_TYPES.every((type) => observed.namespaces[type] === null);
}

function isThere<T>(value: T | null): value is T {
  return value !== null;
}

/** `pause <id>`, started from our own file by our own user: a container can take the words, not the file. */
function isPauseOf(seen: Seen, id: string, program: string): boolean {
  if (seen.comm !== 'pause' || program === '') return false;
  try {
    const words = fs.readFileSync(`/proc/${seen.pid}/cmdline`, 'utf8').split('\0');
    const ours = fs.statSync(program);
    const theirs = fs.statSync(`/proc/${seen.pid}/exe`);
    return words[1] === id && ours.dev === theirs.dev && ours.ino === theirs.ino;
  } catch {
    return false;
  }
}

function isMountPoint(dir: string): boolean {
  try {
    return fs.lstatSync(dir).dev !== fs.lstatSync(path.dirname(dir)).dev;
  } catch {
    return false;
  }
}
