import type { ProcessIdentity } from '../model/plan.ts';
import { record, whole } from '../model/shape.ts';
import { callHelper, type HelperOptions, lineWith } from './helper.ts';
import { failure, type Native } from './problem.ts';
import { type Joins, joinArgs, type Started, startedLine, startedOf } from './start.ts';

/** A program to run in namespaces. Paths are absolute and without colons. */
export interface Entry {
  join: Joins;
  command: string[];
  newPid?: boolean;
  /** Mounts in a mount namespace of its own, in this order. With `rootfs` the targets are inside it. */
  mounts?: Mount[];
  rootfs?: string;
  cwd?: string;
  /** NAME=VALUE; added to our environment, unless `clearEnv`. */
  env?: string[];
  clearEnv?: boolean;
}

export type Mount =
  | { kind: 'bind'; source: string; target: string; readOnly?: boolean }
  | { kind: 'tmpfs'; target: string }
  | { kind: 'proc' };

export interface Ended {
  /** As a shell gives it: 128 + signal when a signal ended it. */
  exitCode: number;
  signal: number;
}

function entryArgs(entry: Entry): string[] {
  const ownMounts = entry.rootfs !== undefined || (entry.mounts ?? []).length > 0;
  return [
    ...joinArgs(entry.join),
    ...(entry.newPid ? ['--new-pid'] : []),
    ...(ownMounts ? ['--new-mnt'] : []),
    ...(entry.rootfs === undefined ? [] : ['--rootfs', entry.rootfs]),
    ...(entry.mounts ?? []).flatMap(mountArgs),
    ...(entry.cwd === undefined ? [] : ['--cwd', entry.cwd]),
    ...(entry.clearEnv ? ['--clear-env'] : []),
    ...(entry.env ?? []).flatMap((pair) => ['--env', pair]),
  ];
}

function mountArgs(mount: Mount): string[] {
  if (mount.kind === 'proc') return ['--proc'];
  if (mount.kind === 'tmpfs') return ['--tmpfs', mount.target];
  return ['--bind', `${mount.source}:${mount.target}${mount.readOnly ? ':ro' : ''}`];
}

/**
 * Starts a program that goes on without us. A podctl-ns stays as its parent: it writes the output to `log`
 * (CRI log format) and, at its end, kills what it left behind and writes {"pid","exitCode","signal",
 * "finishedAt","logLost"} to `exitFile`, which must not exist yet.
 */
export async function startDetached(
  entry: Entry,
  files: { log: string; exitFile: string },
  options?: HelperOptions,
): Promise<Native<Started & { keeper: ProcessIdentity }>> {
  const where = ['--detach', '--log', files.log, '--exit-file', files.exitFile];
  const lines = await callHelper('enter', [...entryArgs(entry), ...where, '--', ...entry.command], options);
  const line = lines.ok ? lineWith('pid', startedLine, lines.value) : lines;
  if (!line.ok) return line;
  const { keeper } = line.value;
  if (!keeper) return failure('failed', 'podctl-ns reported no keeper');
  const parent = { pid: keeper.pid, startTicks: Number(keeper.start) };
  return { ok: true, value: { ...startedOf(line.value), keeper: parent } };
}

const ended = record<Ended>({ exitCode: whole, signal: whole });

/**
 * Runs a program with our own stdin, stdout and stderr until it ends. `onStart` hears of it once its exec is
 * proved. Signals that reach podctl-ns are passed on: `options.started` gives what sends them. Aborting
 * kills podctl-ns and the program with it.
 */
export async function runAttached(
  entry: Entry,
  onStart: (started: Started) => void = () => {},
  options: HelperOptions = {},
): Promise<Native<Ended>> {
  const args = [...entryArgs(entry), '--die-with-parent', '--', ...entry.command];
  const lines = await callHelper('enter', args, {
    timeoutMs: null,
    attached: true,
    ...options,
    onLine: (line) => {
      const found = lineWith('pid', startedLine, [line]);
      if (found.ok) onStart(startedOf(found.value));
    },
  });
  return lines.ok ? lineWith('exitCode', ended, lines.value) : lines;
}
