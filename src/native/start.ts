import type { NsId, NsType } from '../model/namespace.ts';
import type { ProcessIdentity } from '../model/plan.ts';
import { dictionary, matching, record, type Shape, whole } from '../model/shape.ts';
import { callHelper, type HelperOptions, type Line, lineWith } from './helper.ts';
import { nativeProgram } from './locate.ts';
import type { Native } from './problem.ts';

/** A namespace to join: where it is seen, and which it must be (null: whichever is there). */
export interface Join {
  path: string;
  ns: NsId | null;
}

export type Joins = Partial<Record<NsType, Join>>;

/** A program whose exec is proved. */
export interface Started extends ProcessIdentity {
  ns: Partial<Record<NsType, NsId>>;
}

interface StartedLine {
  pid: number;
  start: string;
  ns: Partial<Record<NsType, NsId>>;
  keeper?: { pid: number; start: string };
}

const ticks = matching<string>('clock ticks', /^\d{1,15}$/);
export const startedLine: Shape<StartedLine> = record<StartedLine>(
  {
    pid: whole,
    start: ticks,
    ns: dictionary(matching<NsId>('a namespace as device:inode', /^\d+:\d+$/)),
    keeper: record<{ pid: number; start: string }>({ pid: whole, start: ticks }),
  },
  'keeper',
);

/** The process that a report line tells of. */
export function startedOf({ pid, start, ns }: StartedLine): Started {
  return { pid, startTicks: Number(start), ns };
}

/** Options that join namespaces. */
export function joinArgs(joins: Joins): string[] {
  return Object.entries(joins).flatMap(([type, join]) => [
    `--${type}`,
    join.path,
    ...(join.ns === null ? [] : ['--expect', `${type}=${join.ns}`]),
  ]);
}

export interface PauseOptions extends HelperOptions {
  /** In a PID namespace of its own, where it is PID 1 and reaps. */
  newPid?: boolean;
  /** Shown in its argument list, where others can see whose it is; pause itself ignores it. */
  label?: string;
}

/** Starts our pause in existing namespaces (`user`, `net`, `ipc`, `uts`). It is nobody's child in particular. */
export async function startPause(joins: Joins, options: PauseOptions = {}): Promise<Native<Started>> {
  return anchor('pause', joinArgs(joins), options);
}

/**
 * Without root: makes user, net, ipc and uts namespaces in which the caller is root, with lo up, and starts
 * our pause in them at once: it is what holds them.
 */
export async function startUserPause(
  wanted: { hostname?: string; sysctls?: Record<string, string> },
  options: PauseOptions = {},
): Promise<Native<Started>> {
  const args = [
    ...(wanted.hostname === undefined ? [] : ['--hostname', wanted.hostname]),
    ...Object.entries(wanted.sysctls ?? {}).flatMap(([key, value]) => ['--sysctl', `${key}=${value}`]),
  ];
  return anchor('create-user', args, options);
}

async function anchor(verb: string, args: string[], options: PauseOptions): Promise<Native<Started>> {
  const { newPid: _, label: __, ...rest } = options;
  const program = pauseArgs(options);
  if (!program.ok) return program;
  const lines = await callHelper(verb, [...args, ...program.value], rest);
  return lines.ok ? startedFrom(lines.value) : lines;
}

/** The last words of a verb that starts a pause. */
export function pauseArgs({ newPid = false, label }: PauseOptions): Native<string[]> {
  const pause = nativeProgram('pause');
  if (!pause.ok) return pause;
  const words = ['--', pause.value, ...(label === undefined ? [] : [label])];
  return { ok: true, value: newPid ? ['--new-pid', ...words] : words };
}

/** The process that report lines tell of. */
export function startedFrom(lines: readonly Line[]): Native<Started> {
  const line = lineWith('pid', startedLine, lines);
  return line.ok ? { ok: true, value: startedOf(line.value) } : line;
}
