import fs from 'node:fs';
import type { ContainerRecord, SandboxRecord } from '../model/sandbox.ts';
import { type Seen, wordsOf } from './scan.ts';

const PROGRAM = 'podctl-ns';
/** Verbs that end by themselves; `enter` may be the parent of a container. */
const SHORT_VERBS = ['sandbox', 'create', 'create-user', 'pause', 'pin', 'unpin', 'signal'];

/** Processes that a killed command started for a sandbox and left behind: our program, and CNI plugins. */
export function workersOf(record: SandboxRecord, processes: readonly Seen[]): Seen[] {
  return processes.filter(
    (p) => p.pid !== process.pid && (isOurProgram(p, record) || isPlugin(p, record.id)),
  );
}

function isOurProgram({ pid, comm }: Seen, { net, ipc, uts, id }: SandboxRecord): boolean {
  if (comm !== PROGRAM) return false;
  const words = wordsOf(pid);
  const names = new Set([net.path, ipc.path, uts.path, id]);
  return SHORT_VERBS.includes(words[1] ?? '') && words.some((word) => names.has(word));
}

/** The specification puts the container id into every plugin's environment. */
function isPlugin({ pid }: Seen, id: string): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`CNI_CONTAINERID=${id}`);
  } catch {
    return false;
  }
}

/** The parent of a container that was started and not written down; null when there is none. */
export function keeperOf({ exitFile }: ContainerRecord, processes: readonly Seen[]): Seen | null {
  if (exitFile === '') return null;
  return processes.find(({ pid, comm }) => comm === PROGRAM && wordsOf(pid).includes(exitFile)) ?? null;
}
