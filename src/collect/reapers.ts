import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Process, Reaper } from '../model/facts.ts';
import type { NsId } from '../model/namespace.ts';
import { complete, type Problem } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { knownValue } from './known-value.ts';
import { summarize } from './problems.ts';

/** Bit of SIGCHLD (17 on x86-64 and arm64) in a mask of signals. */
const CHILD = 1n << 16n;
const MAX_WCHAN = 64;

/** Few pods share a PID namespace: a node without any pays for no file. */
export const reapersCollector: Collector<'reapers'> = {
  fact: 'reapers',
  summary: 'what the first process of each shared PID namespace makes of the death of a child',
  timeoutMs: 3000,
  needs: ['processes'],
  collect({ host, known }) {
    const problems: Problem[] = [];
    const reapers = firstProcesses(knownValue(known('processes')) ?? []).flatMap(
      (process) => readReaper(host, process, problems) ?? [],
    );
    return complete(reapers, summarize(problems));
  },
};

/** The oldest live process of each PID namespace that processes of more than one container are in. */
function firstProcesses(processes: readonly Process[]): Process[] {
  const found = new Map<NsId, { first: Process; containers: Set<string> }>();
  for (const process of processes) {
    const { ns, containerId, state } = process;
    if (ns.pid === null || containerId === null || state === 'Z' || state === 'X') continue;
    const known = found.get(ns.pid);
    if (known === undefined) found.set(ns.pid, { first: process, containers: new Set([containerId]) });
    else {
      known.containers.add(containerId);
      if (isOlder(process, known.first)) known.first = process;
    }
  }
  return [...found.values()].filter(({ containers }) => containers.size > 1).map(({ first }) => first);
}

function isOlder(a: Process, b: Process): boolean {
  return a.startTicks < b.startTicks || (a.startTicks === b.startTicks && a.pid < b.pid);
}

/** Null: it went away, or is not the first of its namespace, as in pods with the node's own. */
function readReaper(host: ReadHost, { pid, startTicks }: Process, problems: Problem[]): Reaper | null {
  const folder = `/proc/${pid}`;
  try {
    const onChild = parseOnChild(host.readKernel(`${folder}/status`));
    if (onChild === null) return null;
    return { pid, startTicks, onChild, sleepsIn: onChild === 'default' ? sleepsIn(host, folder) : '' };
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, folder));
    return null;
  }
}

/**
 * Disposition of SIGCHLD in the text of /proc/PID/status; null for a process that is not number 1 of a PID
 * namespace of its own, and for a text without masks.
 */
export function parseOnChild(status: string): Reaper['onChild'] | null {
  const numbers = /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/) ?? [];
  if (numbers.length < 2 || numbers.at(-1) !== '1') return null;
  const [blocked, ignored, caught] = ['SigBlk', 'SigIgn', 'SigCgt'].map((name) => hasChild(status, name));
  if (blocked === undefined || ignored === undefined || caught === undefined) return null;
  if (caught) return 'caught';
  if (ignored) return 'ignored';
  return blocked ? 'blocked' : 'default';
}

function hasChild(status: string, name: string): boolean | undefined {
  const mask = new RegExp(`^${name}:\\s*([0-9a-f]{1,32})$`, 'm').exec(status)?.[1];
  return mask === undefined ? undefined : (BigInt(`0x${mask}`) & CHILD) !== 0n;
}

/** The kernel writes 0 for what it does not tell. */
function sleepsIn(host: ReadHost, folder: string): string {
  try {
    const name = host.readKernel(`${folder}/wchan`).trim().slice(0, MAX_WCHAN);
    return name === '0' ? '' : name;
  } catch {
    return '';
  }
}
