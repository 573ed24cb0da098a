import fs from 'node:fs';
import { identityOf } from '../host/process.ts';
import { createReadHost } from '../host/read-host.ts';
import type { NsType } from '../model/namespace.ts';
import type { ProcessIdentity } from '../model/plan.ts';
import type { ContainerRecord, SandboxRecord } from '../model/sandbox.ts';
import { type Entry, runAttached } from '../native/enter.ts';
import type { Joins } from '../native/start.ts';
import { joinsOf, sharedMounts } from '../remedy/container-entry.ts';
import { ociCommand } from '../remedy/oci/runtime.ts';
import { type Attached, exitCodeOf } from './attach.ts';
import { SandboxError } from './error.ts';
import { readySandbox } from './run.ts';
import type { Workshop } from './workshop.ts';

export interface WantedExec {
  /** Null: the sandbox itself, with the root file system of the host. */
  container: string | null;
  command: string[];
  /** '' for that of the container, or /. */
  cwd: string;
  env: string[];
}

/** Those of a plain container; what it shares with the sandbox is joined where the container sees it. */
const OF_CONTAINER: readonly NsType[] = ['user', 'ipc', 'uts', 'net', 'mnt', 'pid'];

/**
 * Runs a program in a sandbox, or in one of its containers, with our stdin, stdout and stderr; gives its exit code.
 * It is not written down: it ends with us. Throws SandboxError, and StartError when it could not be run.
 */
export async function execInSandbox(
  shop: Workshop,
  sandbox: SandboxRecord,
  wanted: WantedExec,
  { terminal, started }: Attached,
): Promise<number> {
  const { record } = readySandbox(shop, sandbox);
  const folder = shop.state.folderOf(record.id);
  const entry =
    wanted.container === null
      ? intoSandbox(record, wanted, folder)
      : intoContainer(record, runningContainer(record, wanted.container), wanted, folder, terminal);
  return exitCodeOf(wanted.command[0] ?? '', await runAttached(entry, undefined, { started }));
}

/** Its PID namespace only where it is shared: then /proc shows that one. */
function intoSandbox(record: SandboxRecord, { command, cwd, env }: WantedExec, folder: string): Entry {
  const proc = record.spec.sharePid ? [{ kind: 'proc' as const }] : [];
  return {
    join: joinsOf(record),
    command,
    mounts: [...proc, ...sharedMounts(folder, fs.existsSync)],
    cwd: cwd === '' ? '/' : cwd,
    env,
    clearEnv: true,
  };
}

type Running = ContainerRecord & { process: ProcessIdentity };

function runningContainer({ name: sandbox, containers }: SandboxRecord, name: string): Running {
  const found = containers.find((c) => c.name === name);
  if (!found) {
    const names = containers.map((c) => c.name).join(', ');
    const hint = names === '' ? 'it has none: podctl sandbox run starts one' : `it has ${names}`;
    throw new SandboxError(
      'usage',
      `sandbox ${sandbox} has no container ${JSON.stringify(name.slice(0, 80))}`,
      hint,
    );
  }
  const { process } = found;
  if (process === null || identityOf(process.pid)?.startTicks !== process.startTicks)
    throw new SandboxError('usage', `container ${name} does not run`, `podctl sandbox inspect ${sandbox}`);
  return { ...found, process };
}

/** An OCI runtime enters its own containers: it knows their cgroup and rights. */
function intoContainer(
  record: SandboxRecord,
  container: Running,
  { command, cwd, env }: WantedExec,
  folder: string,
  terminal: boolean,
): Entry {
  if (container.bundle !== '') {
    const where = cwd === '' ? [] : ['--cwd', cwd];
    const words = ['exec', ...(terminal ? ['--tty'] : []), ...where, ...env.flatMap((e) => ['--env', e])];
    return { join: {}, command: [...ociCommand(record, container, folder, words), ...command] };
  }
  return {
    join: joinsOfProcess(container),
    command,
    cwd: cwd === '' ? container.cwd || '/' : cwd,
    env: [...container.env, ...env],
    clearEnv: true,
  };
}

/** The namespaces that a process is in, as they are now: podctl-ns joins these and no others. */
function joinsOfProcess({ name, process: { pid, startTicks } }: Running): Joins {
  const host = createReadHost();
  const joins = OF_CONTAINER.flatMap((type): [NsType, Joins[NsType]][] => {
    const path = `/proc/${pid}/ns/${type}`;
    const ns = host.nsId(path);
    // Nobody may join the user namespace that he is in.
    return type === 'user' && ns === host.nsId('/proc/self/ns/user') ? [] : [[type, { path, ns }]];
  });
  if (identityOf(pid)?.startTicks !== startTicks)
    throw new SandboxError('failed', `container ${name} ended just now`);
  return Object.fromEntries(joins);
}
