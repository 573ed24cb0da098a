import fs from 'node:fs';
import path from 'node:path';
import { identityOf, isRunning } from '../../host/process.ts';
import { createReadHost, problemOf } from '../../host/read-host.ts';
import { writeFileAtomic } from '../../host/write-file.ts';
import type { ProcessIdentity } from '../../model/plan.ts';
import type { ContainerRecord, SandboxRecord } from '../../model/sandbox.ts';
import type { Entry } from '../../native/enter.ts';
import { containerFolder } from '../container-files.ts';
import { bundleConfig } from './bundle.ts';

const MAX_CONFIG = 4 * 1024 * 1024;
const POLL_MS = 10;

/** What an OCI runtime calls a container of ours. */
export function ociId(sandboxId: string, name: string): string {
  return `${sandboxId.slice(0, 13)}-${name}`;
}

/** An OCI runtime's words for a container of ours: its state is kept in the container's own folder. */
export function ociCommand(
  { id }: SandboxRecord,
  container: ContainerRecord,
  folder: string,
  words: string[],
): string[] {
  const { runtime, name } = container;
  // crun would ask systemd otherwise, which has another form of cgroup paths.
  const manager = path.basename(runtime).startsWith('crun') ? ['--cgroup-manager', 'cgroupfs'] : [];
  return [
    runtime,
    '--root',
    path.join(containerFolder(folder, name), 'runtime'),
    ...manager,
    ...words,
    ociId(id, name),
  ];
}

/**
 * Writes our copy of a bundle's configuration, and gives how the runtime is run with it. The runtime stays as long
 * as the container, and passes signals and the exit code on.
 */
export function ociEntry(
  record: SandboxRecord,
  container: ContainerRecord,
  folder: string,
  terminal: boolean,
): Entry {
  const bundle = path.join(containerFolder(folder, container.name), 'bundle');
  const config = ociConfig(record, container, folder, terminal);
  fs.mkdirSync(bundle, { recursive: true, mode: 0o700 });
  fs.rmSync(pidFile(folder, container), { force: true });
  writeFileAtomic(path.join(bundle, 'config.json'), JSON.stringify(config), 0o600);
  const words = ['run', '--bundle', bundle, '--pid-file', pidFile(folder, container)];
  return { join: {}, command: ociCommand(record, container, folder, words) };
}

/** What the runtime is told: the bundle's configuration, changed. Throws an Error that names the file. */
export function ociConfig(
  record: SandboxRecord,
  container: ContainerRecord,
  folder: string,
  terminal: boolean,
): Record<string, unknown> {
  const cgroup = `/podctl-${ociId(record.id, container.name)}`;
  const config = readConfig(container.bundle);
  return bundleConfig(config, { record, wanted: container, folder, cgroup, terminal });
}

/** The configuration of a bundle. Throws an Error that names the file. */
function readConfig(bundle: string): unknown {
  const file = path.join(bundle, 'config.json');
  let content: string;
  try {
    content = createReadHost().readFile(file, { max: MAX_CONFIG, follow: true });
  } catch (error) {
    throw new Error(`${problemOf(error, file).message}; --bundle wants the folder of an OCI bundle`);
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The container's first process, once the runtime has made it; null when the runtime ended before. */
export async function initOf(
  runtime: ProcessIdentity,
  folder: string,
  container: ContainerRecord,
  signal: AbortSignal,
): Promise<ProcessIdentity | null> {
  for (let goesOn = true; goesOn && !signal.aborted; ) {
    goesOn = isRunning(runtime);
    const pid = Number(textOf(pidFile(folder, container)));
    const found = pid > 0 ? identityOf(pid) : null;
    if (found) return found;
    // A container that was quick has left its number, and is gone.
    if (pid > 0) return { pid, startTicks: 0 };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return null;
}

/** True where the runtime still keeps something of the container. */
export function hasState(folder: string, { name }: ContainerRecord): boolean {
  try {
    return fs.readdirSync(path.join(containerFolder(folder, name), 'runtime')).length > 0;
  } catch {
    return false;
  }
}

function pidFile(folder: string, { name }: ContainerRecord): string {
  return path.join(containerFolder(folder, name), 'pid');
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
