import path from 'node:path';
import type { Action } from '../model/plan.ts';
import type { SandboxRecord } from '../model/sandbox.ts';
import type { ActionOf } from './actions/records.ts';
import type { FileEdit } from './config-edit/change.ts';
import { containerFolder } from './container-files.ts';
import { ociCommand } from './oci/runtime.ts';

import { printPod } from './print-pod.ts';

import { printRemoval } from './print-removal.ts';

/** What printing looks up: where things are, and what is recorded. */
export interface Places {
  recordFile(id: string): string;
  folderOf(id: string): string;
  record(id: string): SandboxRecord | null;
}

/** An action as what an operator would type for it: commands as lists of words. */
export function printAction(action: Action, places: Places): string[][] {
  const file = (id: string, ...names: string[]) => path.join(places.folderOf(id), ...names);
  switch (action.kind) {
    case 'write-record':
      return [['install', '-m', '600', '/dev/stdin', places.recordFile(action.record.id)]];
    case 'set-phase':
      return [['sed', '-i', `s/"phase": ".*"/"phase": "${action.phase}"/`, places.recordFile(action.id)]];
    case 'remove-record':
      return [['rm', '-f', places.recordFile(action.id)]];
    case 'make-files':
      return [
        ['mkdir', '-p', file(action.id, 'shm')],
        ...(action.shm ? [['mount', '-t', 'tmpfs', 'shm', file(action.id, 'shm')]] : []),
      ];
    case 'remove-files':
      return [
        ['umount', file(action.id, 'shm')],
        ['rm', '-r', places.folderOf(action.id)],
      ];
    case 'start-sandbox': {
      const pins = pinArgs(places.record(action.id), ['net', 'ipc', 'uts']);
      const words = [...pins, '--shm', file(action.id, 'shm')];
      return [['podctl-ns', 'sandbox', ...words, '--', 'pause', action.id]];
    }
    case 'make-namespaces':
      return [['podctl-ns', 'create', ...pinArgs(places.record(action.id), action.types)]];
    case 'start-pause':
      return [['podctl-ns', 'pause', ...pathArgs(action.from), '--', 'pause', action.id]];
    case 'start-user-pause':
      return [['podctl-ns', 'create-user', '--', 'pause', action.id]];
    case 'cni-add':
    case 'cni-del':
      return [cnitool(action.kind === 'cni-add' ? 'add' : 'del', action.id, places.record(action.id))];
    case 'drop-network':
      return [['ip', 'link', 'delete', action.bridge]];
    case 'signal':
      return [['kill', `-${action.signal}`, String(action.process.pid)]];
    case 'pin':
      return [
        ['touch', action.to],
        ['mount', '--bind', action.from, action.to],
      ];
    case 'unstack':
      return Array.from({ length: action.layers }, () => [
        'nsenter',
        '-t',
        String(action.among.pid),
        '-m',
        'umount',
        action.path,
      ]);
    case 'unpin':
      return [...(action.ns === null ? [] : [['umount', action.path]]), ['rm', action.path]];
    case 'start-container':
      return [startCommand(action.container, places.record(action.id), places.folderOf(action.id))];
    case 'record-container':
      return [
        ['mkdir', '-p', containerFolder(places.folderOf(action.id), action.container.name)],
        ['install', '-m', '600', '/dev/stdin', places.recordFile(action.id)],
      ];
    case 'delete-container':
      return [deleteCommand(action.container, places.record(action.id), places.folderOf(action.id))];
    case 'restore-config':
      return [['cp', action.copy, action.path]];
    case 'forget-container':
      return [['rm', '-r', containerFolder(places.folderOf(action.id), action.container)]];
    case 'pull-image':
      return [['crictl', '-r', `unix://${action.endpoint}`, 'pull', action.image]];
    case 'import-image':
      return importCommands(action);
    case 'reload-image':
      return [
        [...ctrImages(action.endpoint), 'export', 'image.tar', action.image],
        ['crictl', '-r', `unix://${action.endpoint}`, 'rmi', action.image],
        [...ctrImages(action.endpoint), 'import', 'image.tar'],
      ];
    case 'copy-image':
      return copyCommands(action);
    case 'tag-image':
      return [[...ctrImages(action.endpoint), 'tag', action.from, action.to]];
    case 'pin-image':
      return [[...ctrImages(action.endpoint), 'label', action.image, 'io.cri-containerd.pinned=pinned']];
    case 'write-config':
    case 'edit-flag':
      return configCommands(action);
    case 'stop-sandbox':
    case 'remove-sandbox':
    case 'end-task':
    case 'delete-store-record':
    case 'delete-oci-state':
    case 'release-attachment':
    case 'remove-file':
    case 'put-config-aside':
    case 'delete-link':
    case 'set-link':
    case 'delete-rules':
    case 'remove-cgroup':
      return printRemoval(action);
    case 'run-sandbox':
    case 'start-pod-container':
    case 'stop-containers':
    case 'remove-container':
    case 'remove-pod-logs':
      return printPod(action);
  }
}

function pinArgs(record: SandboxRecord | null, types: readonly ('net' | 'ipc' | 'uts')[]): string[] {
  return record
    ? types.flatMap((type) => [`--${type}`, record[type].path])
    : types.map((type) => `--${type}`);
}

function pathArgs(from: Record<string, string>): string[] {
  return Object.entries(from).flatMap(([type, at]) => (at === '' ? [] : [`--${type}`, at]));
}

/** cnitool takes what a runtime would set from its environment. */
function cnitool(verb: string, id: string, record: SandboxRecord | null): string[] {
  const network = record?.spec.network;
  const [name, dirs] = network?.kind === 'cni' ? [network.name, network.binDirs.join(':')] : ['', ''];
  return ['env', `CNI_PATH=${dirs}`, `CNI_CONTAINERID=${id}`, 'cnitool', verb, name, record?.net.path ?? ''];
}

function startCommand(name: string, record: SandboxRecord | null, folder: string): string[] {
  const container = record?.containers.find((c) => c.name === name);
  if (!record || !container) return ['podctl-ns', 'enter'];
  const kept = ['podctl-ns', 'enter', '--detach', '--log', container.log, '--exit-file', container.exitFile];
  if (container.bundle !== '') {
    const bundle = path.join(containerFolder(folder, name), 'bundle');
    return [...kept, '--', ...ociCommand(record, container, folder, ['run', '--bundle', bundle])];
  }
  const paths = { net: record.net.path, ipc: record.ipc.path, uts: record.uts.path };
  return [...kept, ...pathArgs(paths), '--', ...container.command];
}

function deleteCommand(name: string, record: SandboxRecord | null, folder: string): string[] {
  const container = record?.containers.find((c) => c.name === name);
  return record && container
    ? ociCommand(record, container, folder, ['delete', '--force'])
    : ['runc', 'delete'];
}

function ctrImages(endpoint: string, namespace = 'k8s.io'): string[] {
  return ['ctr', '-a', endpoint, '-n', namespace, 'images'];
}

function copyCommands({ endpoint, namespace, image }: ActionOf<'copy-image'>): string[][] {
  return [
    [...ctrImages(endpoint, namespace), 'export', 'image.tar', image],
    [...ctrImages(endpoint), 'import', 'image.tar'],
  ];
}

function importCommands({ endpoint, archive, image }: ActionOf<'import-image'>): string[][] {
  if (archive !== '') return [[...ctrImages(endpoint), 'import', archive]];
  return [
    ['podctl', 'pause', 'image', '--tag', image, '-o', 'pause.tar'],
    [...ctrImages(endpoint), 'import', 'pause.tar'],
  ];
}

/** What to write is in the difference that is shown beside. */
function configCommands(action: FileEdit): string[][] {
  const { path: file, backupFolder } = action;
  const check = action.kind === 'write-config' ? action.check : null;
  const dump = check === null ? [] : [['containerd', '--config', check.file, 'config', 'dump']];
  return [
    ['cp', '-p', file, path.join(backupFolder, `${path.basename(file)}.podctl`)],
    ['vi', file],
    ...dump,
  ];
}
