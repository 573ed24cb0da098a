import type { ReadHost } from '../../host/read-host.ts';
import type { Daemon, Process, StalledThread } from '../../model/facts.ts';
import { kernelText } from '../at-path.ts';
import { parseProcStat } from '../proc-stat.ts';

/** A process whose threads are looked at. */
export type Suspect = Pick<StalledThread, 'pid' | 'comm' | 'role' | 'sandboxId'>;

/** A thread in uninterruptible sleep, and how often it had been scheduled by then. */
interface Waiting {
  suspect: Suspect;
  tid: number;
  switches: string;
}

const MOST_THREADS = 2000;
const MOST_TOLD = 50;
const MOST_FRAMES = 12;

/** Daemons, and what works for them and waits right now. */
export function suspects(daemons: readonly Daemon[], processes: readonly Process[]): Suspect[] {
  const works = new Set([
    ...daemons.map((d) => d.pid),
    ...processes.flatMap((p) => (p.shim === null ? [] : [p.pid])),
  ]);
  return [
    ...daemons.map(({ pid, kind }) => ({ pid, comm: kind, role: 'daemon' as const, sandboxId: '' })),
    ...processes.flatMap(({ pid, ppid, comm, state, shim, cni, containerId }): Suspect[] => {
      if (state !== 'D') return [];
      if (shim !== null) return [{ pid, comm, role: 'shim', sandboxId: shim.id }];
      const isProgram = cni !== null || (works.has(ppid) && containerId === null);
      return isProgram ? [{ pid, comm, role: 'program', sandboxId: cni?.containerId ?? '' }] : [];
    }),
  ];
}

/** Threads of the suspects that wait now. */
export function waitingThreads(host: ReadHost, all: readonly Suspect[]): Waiting[] {
  const found: Waiting[] = [];
  let room = MOST_THREADS;
  for (const suspect of all) {
    for (const tid of tidsOf(host, suspect.pid).slice(0, room)) {
      room -= 1;
      if (!waits(host, suspect.pid, tid)) continue;
      found.push({ suspect, tid, switches: switchesOf(host, suspect.pid, tid) });
    }
  }
  return found;
}

/** Those that still wait, and did nothing else in between. */
export function stillWaiting(host: ReadHost, before: readonly Waiting[]): StalledThread[] {
  return before
    .filter(
      ({ suspect: { pid }, tid, switches }) =>
        switches !== '' && waits(host, pid, tid) && switchesOf(host, pid, tid) === switches,
    )
    .slice(0, MOST_TOLD)
    .map(({ suspect, tid }) => {
      const folder = `/proc/${suspect.pid}/task/${tid}`;
      const wchan = kernelText(host, `${folder}/wchan`).trim();
      return {
        ...suspect,
        tid,
        waitsIn: /^\w{1,100}$/.test(wchan) && wchan !== '0' ? wchan : '',
        stack: parseStack(kernelText(host, `${folder}/stack`)),
      };
    });
}

/** Names of functions from the text of /proc/PID/stack. */
export function parseStack(text: string): string[] {
  return [...text.matchAll(/^\[<[^>\n]*>\] (\w{1,100})/gm)]
    .slice(0, MOST_FRAMES)
    .map(([, name = '']) => name);
}

/** Voluntary and involuntary switches from the text of /proc/PID/status; '' where it does not tell. */
export function parseSwitches(text: string): string {
  return [...text.matchAll(/^(?:non)?voluntary_ctxt_switches:\t(\d+)$/gm)].map(([, n]) => n).join(' ');
}

function waits(host: ReadHost, pid: number, tid: number): boolean {
  return parseProcStat(kernelText(host, `/proc/${pid}/task/${tid}/stat`))?.state === 'D';
}

function switchesOf(host: ReadHost, pid: number, tid: number): string {
  return parseSwitches(kernelText(host, `/proc/${pid}/task/${tid}/status`));
}

function tidsOf(host: ReadHost, pid: number): number[] {
  try {
    return host.list(`/proc/${pid}/task`).map(Number).filter(Number.isSafeInteger);
  } catch {
    return [];
  }
}
