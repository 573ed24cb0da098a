import { createHash } from 'node:crypto';
import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { OwnContainer, OwnSandbox } from '../model/own-facts.ts';
import type { ProcessIdentity } from '../model/plan.ts';
import type { SandboxRecord } from '../model/sandbox.ts';
import { SANDBOX_ID, sandboxRecordShape } from '../model/sandbox-shape.ts';
import { isObject } from '../model/shape.ts';
import { parseProcStat } from './proc-stat.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Every sandbox that a state folder knows of: those with a record, and those of which only folders are left.
 * Throws the system's error when the folder is there and cannot be listed.
 */
export function readOwn(host: ReadHost, state: string, bootId: string | null): OwnSandbox[] {
  // Folders before records: one that is made in between would look left over.
  const folders = [...names(host, `${state}/ns`), ...names(host, `${state}/sandboxes`)];
  const recorded = names(host, `${state}/records`).flatMap((name) => idOf(name, '.json'));
  const others = folders.flatMap((name) => idOf(name, ''));
  const lost = [...new Set(others)].filter((id) => !recorded.includes(id));
  return [
    ...recorded.flatMap((id) => readOne(host, state, id, bootId) ?? []),
    ...lost.map((id) => bare(host, state, id, 'unrecorded', '')),
  ];
}

/** Null: it went away while we looked. */
function readOne(host: ReadHost, state: string, id: string, bootId: string | null): OwnSandbox | null {
  const file = `${state}/records/${id}.json`;
  try {
    const value: unknown = JSON.parse(host.readFile(file, { max: MAX_BYTES }));
    const schema = isObject(value) && typeof value.schema === 'string' ? value.schema : '';
    const fault = sandboxRecordShape.fault(value, 'record');
    if (fault !== null) {
      const later = /^podctl\.sandbox\/v([2-9]|\d\d+)$/.test(schema);
      return bare(
        host,
        state,
        id,
        'unreadable',
        later ? `${file} was written by a later podctl` : `${file}: ${fault}`,
      );
    }
    return known(host, state, value as SandboxRecord, bootId);
  } catch (error) {
    if (isMissing(error)) return null;
    const why =
      error instanceof SyntaxError ? `${file} is cut off, or no JSON` : problemOf(error, file).message;
    return bare(host, state, id, 'unreadable', why);
  }
}

function known(host: ReadHost, state: string, record: SandboxRecord, bootId: string | null): OwnSandbox {
  const { id, name, phase, createdAt, pause, attachment, spec } = record;
  const sameBoot = bootId === null || record.bootId === bootId;
  return {
    ...bare(host, state, id, phase, ''),
    name,
    createdAt,
    sameBoot,
    pins: { net: record.net.path, ipc: record.ipc.path, uts: record.uts.path },
    pause,
    pauseRuns: sameBoot && runs(host, pause),
    containers: record.containers.map((c) => ({
      id: containerId(id, c.name),
      name: c.name,
      process: c.process,
      running: sameBoot && runs(host, c.process),
      startedAt: c.startedAt,
    })),
    sharePid: spec.sharePid,
    network: spec.network.kind === 'cni' ? spec.network.name : '',
    attachment: attachment && {
      state: attachment.state,
      interfaces: attachment.interfaces,
      addresses: attachment.addresses,
      routes: attachment.routes,
    },
  };
}

function bare(
  host: ReadHost,
  state: string,
  id: string,
  phase: OwnSandbox['phase'],
  problem: string,
): OwnSandbox {
  const pin = (type: string) => `${state}/ns/${id}/${type}`;
  return {
    id,
    name: '',
    phase,
    problem,
    createdAt: 0,
    sameBoot: true,
    busy: isLocked(host, `${state}/locks/${id}.lock`),
    dir: `${state}/sandboxes/${id}`,
    pins: { net: pin('net'), ipc: pin('ipc'), uts: pin('uts') },
    pause: null,
    pauseRuns: false,
    containers: [] as OwnContainer[],
    sharePid: false,
    network: '',
    attachment: null,
    inside: null,
    outside: null,
  };
}

/** 64 hex digits like every other container's. */
function containerId(sandboxId: string, name: string): string {
  return createHash('sha256').update(`${sandboxId}/${name}`).digest('hex');
}

function isLocked(host: ReadHost, file: string): boolean {
  try {
    const holder: unknown = JSON.parse(host.readFile(file));
    if (!isObject(holder)) return false;
    const { pid, startTicks } = holder;
    return typeof pid === 'number' && typeof startTicks === 'number' && runs(host, { pid, startTicks });
  } catch {
    return false;
  }
}

function runs(host: ReadHost, identity: ProcessIdentity | null): boolean {
  if (identity === null) return false;
  try {
    const stat = parseProcStat(host.readKernel(`/proc/${identity.pid}/stat`));
    return (
      stat !== null && stat.startTicks === identity.startTicks && stat.state !== 'Z' && stat.state !== 'X'
    );
  } catch {
    return false;
  }
}

function names(host: ReadHost, folder: string): string[] {
  try {
    return host.list(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function idOf(name: string, suffix: string): string[] {
  const id = name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : '';
  return SANDBOX_ID.test(id) ? [id] : [];
}
