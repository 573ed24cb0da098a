import fs from 'node:fs';
import path from 'node:path';
import type { ContainerExit, ContainerRecord, SandboxRecord } from '../model/sandbox.ts';
import { containerExitShape } from '../model/sandbox-shape.ts';
import { containerFolder } from '../remedy/container-files.ts';
import { ociConfig } from '../remedy/oci/runtime.ts';
import { SandboxError } from './error.ts';
import { programName, requireName } from './lookup.ts';
import type { Observed, ObservedContainer } from './observe.ts';

/** What the user asked for. Paths are absolute. */
export interface WantedContainer {
  /** Null: named after its program. */
  name: string | null;
  command: string[];
  cwd: string;
  env: string[];
  rootfs: string;
  bundle: string;
  /** The OCI runtime, for a bundle. */
  runtime: string;
  detached: boolean;
}

/** Starts as what is written down before anything is started. Throws SandboxError when its name is in use. */
export function newContainer(
  record: SandboxRecord,
  observed: Observed,
  wanted: WantedContainer,
  folder: string,
): ContainerRecord {
  const { command, cwd, env, rootfs, bundle, runtime, detached } = wanted;
  const name = wanted.name === null ? freeName(record, wanted) : requireName('the name', wanted.name);
  const there = observed.containers.find((c) => c.name === name);
  if (there?.process ?? there?.parent)
    throw new SandboxError(
      'usage',
      `container ${name} runs in sandbox ${record.name} already`,
      'take another --name',
    );
  const own = containerFolder(folder, name);
  const container: ContainerRecord = {
    ...{ name, command, cwd, env, rootfs, bundle, runtime },
    process: null,
    parent: null,
    log: detached ? path.join(own, 'log') : '',
    exitFile: detached ? path.join(own, 'exit.json') : '',
    startedAt: 0,
    exit: null,
  };
  if (bundle !== '') requireBundle(record, container, folder);
  return container;
}

/** Before anything is written down. Throws SandboxError when there is nothing to run in it. */
function requireBundle(record: SandboxRecord, container: ContainerRecord, folder: string): void {
  try {
    ociConfig(record, container, folder, false);
  } catch (error) {
    throw new SandboxError('usage', error instanceof Error ? error.message : String(error));
  }
}

function freeName({ containers }: SandboxRecord, { command, bundle }: WantedContainer): string {
  const base = programName(command[0] ?? bundle);
  const isTaken = (name: string) => containers.some((c) => c.name === name);
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!isTaken(name)) return name;
  }
}

/** How a container ended, from its record or its parent's exit record; null when nobody wrote it down. */
export function exitOf({ exit, exitFile, process, bundle }: ContainerRecord): ContainerExit | null {
  if (exit !== null || exitFile === '') return exit;
  try {
    const value: unknown = JSON.parse(fs.readFileSync(exitFile, 'utf8'));
    if (containerExitShape.fault(value, 'exit') !== null) return null;
    const found = value as ContainerExit & { pid?: unknown };
    // An OCI runtime's number is not its container's.
    if (bundle === '' && found.pid !== process?.pid) return null;
    const { exitCode, signal, finishedAt } = found;
    return { exitCode, signal, finishedAt };
  } catch {
    return null;
  }
}

/** `created`: written down, and not started (yet). */
export type ContainerState = 'created' | 'running' | 'exited';

export function containerState(
  record: ContainerRecord,
  observed: ObservedContainer | undefined,
): ContainerState {
  if (observed?.process) return 'running';
  return record.process === null ? 'created' : 'exited';
}
