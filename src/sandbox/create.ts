import path from 'node:path';
import type { Plan } from '../model/plan.ts';
import type { SandboxRecord, SandboxSpec } from '../model/sandbox.ts';
import type { StateFolder } from './state-folder.ts';
import { basis, plan, step } from './steps.ts';

/** What a new sandbox is called, and what is known before anything is made. */
export interface NewSandbox {
  id: string;
  name: string;
  spec: SandboxSpec;
  privileged: boolean;
  bootId: string;
  now: Date;
}

/** The record of a sandbox of which nothing exists yet: where its pins will be is written down first. */
export function newRecord(state: StateFolder, wanted: NewSandbox): SandboxRecord {
  const { id, name, spec, privileged, bootId, now } = wanted;
  const pin = (type: string) => ({ path: privileged ? path.join(state.pinsOf(id), type) : '', ns: null });
  return {
    schema: 'podctl.sandbox/v1',
    id,
    name,
    revision: 0,
    phase: 'creating',
    createdAt: now.getTime(),
    bootId,
    privileged,
    spec,
    net: pin('net'),
    ipc: pin('ipc'),
    uts: pin('uts'),
    pause: null,
    attachment: null,
    containers: [],
  };
}

/** Makes a new sandbox. Whatever is made was written down before, so that a killed run can be undone. */
export function planCreate(record: SandboxRecord, now: Date): Plan {
  const { id, spec } = record;
  const next = spec.network.kind === 'cni' ? 'attach' : 'ready';
  return plan('sandbox/create', 'safe', basis(record, now), [
    step({ kind: 'write-record', record }, 'what is made next must be known to whoever comes after a crash'),
    step({ kind: 'make-files', id, shm: false }, 'containers share its hosts and resolv.conf'),
    record.privileged
      ? step({ kind: 'start-sandbox', id, next }, 'the pins keep its namespaces when pause dies')
      : step({ kind: 'start-user-pause', id }, 'without root only processes keep namespaces'),
    ...(spec.network.kind === 'cni'
      ? [
          step(
            { kind: 'cni-add', id, again: false, completes: true },
            `network ${spec.network.name} was asked for`,
          ),
        ]
      : []),
    ...(record.privileged ? [] : [step({ kind: 'set-phase', id, phase: 'ready' }, 'nothing is missing')]),
  ]);
}

/** Where a pause finds pinned namespaces. */
export function pinPaths({ net, ipc, uts }: SandboxRecord): Record<'net' | 'ipc' | 'uts' | 'user', string> {
  return { net: net.path, ipc: ipc.path, uts: uts.path, user: '' };
}
