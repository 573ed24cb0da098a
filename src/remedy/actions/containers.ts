import fs from 'node:fs';
import type { ContainerRecord, SandboxRecord } from '../../model/sandbox.ts';
import { containerFolder } from '../container-files.ts';
import type { ActionContext, Done } from '../context.ts';
import { hasState, ociCommand } from '../oci/runtime.ts';
import { type ActionOf, recordOf } from './records.ts';
import { runTool } from './tools.ts';

export function recordContainer(
  { id, container }: ActionOf<'record-container'>,
  context: ActionContext,
): Done {
  const record = recordOf(id, context);
  fs.mkdirSync(containerFolder(context.records.folderOf(id), container.name), {
    recursive: true,
    mode: 0o700,
  });
  const others = record.containers.filter((c) => c.name !== container.name);
  context.records.write({ ...record, containers: [...others, container] });
  return 'done';
}

export async function deleteContainer(
  { id, container: name }: ActionOf<'delete-container'>,
  context: ActionContext,
): Promise<Done> {
  const record = recordOf(id, context);
  const folder = context.records.folderOf(id);
  const container = record.containers.find((c) => c.name === name);
  if (!container || container.bundle === '' || !hasState(folder, container)) return 'nothing';
  const [runtime = '', ...words] = ociCommand(record, container, folder, ['delete', '--force']);
  await runTool(context, runtime, words);
  return 'done';
}

/** The record goes first: a folder without one is nobody's, and goes with the sandbox. */
export function forgetContainer(
  { id, container: name }: ActionOf<'forget-container'>,
  context: ActionContext,
): Done {
  const record = recordOf(id, context);
  const isThere = record.containers.some((c) => c.name === name);
  if (isThere)
    context.records.write({ ...record, containers: record.containers.filter((c) => c.name !== name) });
  fs.rmSync(containerFolder(context.records.folderOf(id), name), { recursive: true, force: true });
  return isThere ? 'done' : 'nothing';
}

/** Throws an Error when the sandbox has no such container. */
export function containerOf({ name: sandbox, containers }: SandboxRecord, name: string): ContainerRecord {
  const found = containers.find((c) => c.name === name);
  if (!found) throw new Error(`sandbox ${sandbox} has no container ${name}`);
  return found;
}
